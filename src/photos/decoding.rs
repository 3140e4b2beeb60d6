//! Decoding within a memory budget: pictures wait for the memory that their headers require, several small ones at
//! once or a large one alone.

use super::PhotoError;
use super::derive::{Size, derive as derive_now};
use super::read::{Header, PhotoRead, check as check_now, read_header};
use crate::budget::Budget;
use crate::turns::Turns;
use std::io::{BufRead, BufReader, Seek};
use std::time::Duration;

/// The decoder of all pictures of the process.
#[derive(Clone, Debug)]
pub struct Decoding {
    budget: Budget,
    /// More than one a core would be no faster, and each thread keeps memory for a while after its picture.
    turns: Turns,
}

impl Decoding {
    /// Within so many bytes for all pictures together.
    pub fn new(bytes: usize) -> Self {
        Self { budget: Budget::new(bytes), turns: Turns::of_all_cores() }
    }

    /// The shared budget.
    pub const fn memory(&self) -> &Budget {
        &self.budget
    }

    /// Checks that a photo is complete and reads its metadata. `Busy` if no memory becomes free in time.
    pub async fn check<S>(&self, source: S, patience: Duration) -> Result<PhotoRead, PhotoError>
    where
        S: std::io::Read + Seek + Send + 'static,
    {
        self.within(source, patience, Header::memory_to_check, check_now).await
    }

    /// The derivatives of a photo.
    pub async fn derive<S>(&self, source: S, patience: Duration) -> Result<Vec<(Size, Vec<u8>)>, PhotoError>
    where
        S: std::io::Read + Seek + Send + 'static,
    {
        self.within(source, patience, Header::memory_to_derive, derive_now).await
    }

    async fn within<S, T>(
        &self,
        source: S,
        patience: Duration,
        memory: fn(&Header) -> u64,
        work: impl FnOnce(&mut BufReader<S>, &Header) -> Result<T, PhotoError> + Send + 'static,
    ) -> Result<T, PhotoError>
    where
        S: std::io::Read + Seek + Send + 'static,
        BufReader<S>: BufRead + Seek,
        T: Send + 'static,
    {
        let look_at_it = move || {
            let mut source = BufReader::with_capacity(64 * 1024, source);
            read_header(&mut source).map(|header| (source, header))
        };
        let (mut source, header) = self.aside(look_at_it).await?;
        // A photo that could never be derived is refused as well.
        let (needed, most) = (header.memory_to_derive().max(header.memory_to_check()), self.budget.all() as u64);
        if needed > most {
            return Err(PhotoError::TooMuchMemory { width: header.width, height: header.height, needed, most });
        }
        let mut share = self.budget.open();
        if !share.grow(usize::try_from(memory(&header)).unwrap_or(usize::MAX), patience).await {
            return Err(PhotoError::Busy);
        }
        let within_its_share = move || {
            // Owned by the work: its caller may be gone before it ends.
            let _share = share;
            work(&mut source, &header)
        };
        self.aside(within_its_share).await
    }

    /// Runs on a thread where blocking is allowed. A decoder that panics has met an invalid picture.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PhotoError> + Send + 'static,
    ) -> Result<T, PhotoError> {
        let ended = self.turns.run(work).await;
        ended.unwrap_or_else(|e| Err(PhotoError::Truncated(format!("the decoder gave up: {e}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;
    use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
    use tokio::sync::oneshot;

    /// A test has failed after this; nothing is measured by it.
    const NEVER: Duration = Duration::from_secs(60);

    fn jpeg() -> Cursor<Vec<u8>> {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbImage::new(64, 48).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        bytes
    }

    #[tokio::test]
    async fn a_picture_waits_for_the_memory_of_others_and_gives_its_own_back() {
        let decoding = Decoding::new(30 * 1024 * 1024);
        let mut others = decoding.budget.open();
        assert!(others.grow(20 * 1024 * 1024, Duration::ZERO).await);
        assert_eq!(decoding.check(jpeg(), Duration::ZERO).await.unwrap_err().code(), "busy");
        drop(others);
        for _ in 0..3 {
            assert_eq!(decoding.check(jpeg(), Duration::ZERO).await.unwrap().width, 64);
            assert_eq!(decoding.derive(jpeg(), Duration::ZERO).await.unwrap().len(), 2);
        }
    }

    /// Decodes until it is signalled to end.
    async fn held(
        decoding: Decoding,
        begun: UnboundedSender<()>,
        end: oneshot::Receiver<()>,
    ) -> Result<(), PhotoError> {
        let work = move |_: &mut BufReader<_>, _: &Header| {
            begun.send(()).unwrap();
            // If the sender is gone, the test has failed.
            let _ = end.blocking_recv();
            Ok(())
        };
        decoding.within(jpeg(), NEVER, Header::memory_to_check, work).await
    }

    #[tokio::test]
    async fn two_pictures_are_decoded_beside_each_other_and_a_third_waits_for_the_memory_of_one() {
        let each = usize::try_from(read_header(&mut jpeg()).unwrap().memory_to_check()).unwrap();
        let decoding = Decoding { budget: Budget::new(2 * each), turns: Turns::new(3) };
        let (begun, mut has_begun) = unbounded_channel();
        let (end_first, first) = oneshot::channel();
        let (end_second, second) = oneshot::channel();
        let first = tokio::spawn(held(decoding.clone(), begun.clone(), first));
        let second = tokio::spawn(held(decoding.clone(), begun, second));
        for _ in 0..2 {
            tokio::time::timeout(NEVER, has_begun.recv()).await.expect("the decodings wait for each other");
        }
        assert_eq!(decoding.check(jpeg(), Duration::ZERO).await.unwrap_err().code(), "busy");
        let third = decoding.check(jpeg(), NEVER);
        end_first.send(()).unwrap();
        assert_eq!(third.await.unwrap().width, 64);
        end_second.send(()).unwrap();
        first.await.unwrap().unwrap();
        second.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_picture_that_needs_more_than_all_memory_is_refused_at_once() {
        let refused = Decoding::new(1024 * 1024).check(jpeg(), Duration::MAX).await.unwrap_err();
        assert_eq!((refused.code(), refused.values()["most"].as_u64()), ("too_much_memory", Some(1024 * 1024)));
    }
}
