//! Connections: how many there may be, and when one that stands still is closed.

use super::peer::{counted, is_in};
use crate::limits::Limits;
use axum_server::accept::Accept;
use ipnet::IpNet;
use std::collections::HashMap;
use std::future::{Future, Ready, ready};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready as or_pending};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};
use tracing::warn;

/// With fewer connections than this an address still gets in when nine tenths of all places are taken.
const NEWCOMER: usize = 8;

/// Lets connections in as long as there are places, and closes them when they stand still.
#[derive(Clone, Debug)]
pub struct Gate {
    places: Arc<Places>,
    idle: Duration,
}

impl Gate {
    pub fn new(limits: &Limits) -> Self {
        let places = Places {
            most: limits.connections,
            most_of_one: limits.connections_per_address,
            trusted: limits.trusted_proxies.clone(),
            open: Mutex::default(),
        };
        Self { places: Arc::new(places), idle: limits.idle }
    }
}

impl<S> Accept<TcpStream, S> for Gate {
    type Stream = Watched;
    type Service = S;
    type Future = Ready<io::Result<(Watched, S)>>;

    /// An error closes the connection at once.
    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(stream.peer_addr().and_then(|peer| {
            let place = Places::enter(&self.places, peer.ip()).ok_or_else(|| io::Error::other("no place is free"))?;
            stream.set_nodelay(true)?;
            Ok((Watched { stream, idle: self.idle, until: Box::pin(sleep(self.idle)), _place: place }, service))
        }))
    }
}

#[derive(Debug)]
struct Places {
    most: usize,
    most_of_one: usize,
    trusted: Vec<IpNet>,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_address: HashMap<IpAddr, Count>,
}

#[derive(Debug, Default)]
struct Count {
    open: usize,
    /// It was logged that this address gets no further place.
    reported: bool,
}

impl Places {
    /// A place, if one is free. This machine itself and trusted proxies speak for many: they are not counted one by one.
    /// The last tenth is for addresses that have hardly any, so that whoever fills the rest shuts out nobody.
    fn enter(this: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let speaks_for_many = address.to_canonical().is_loopback() || is_in(&this.trusted, address);
        let address = counted(address);
        let mut open = this.lock();
        let all = open.all;
        let count = open.by_address.entry(address).or_default();
        let full = all >= this.most
            || (count.open >= NEWCOMER && all >= this.most - this.most / 10)
            || (count.open >= this.most_of_one && !speaks_for_many);
        if full {
            if !std::mem::replace(&mut count.reported, true) {
                warn!("an address gets no further connection: it has {} of {all}", count.open);
            }
            if count.open == 0 {
                open.by_address.remove(&address);
            }
            return None;
        }
        count.open += 1;
        open.all += 1;
        Some(Place { places: Arc::clone(this), address })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one connection; free again when it is dropped.
#[derive(Debug)]
struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.places.lock();
        open.all -= 1;
        if let Some(count) = open.by_address.get_mut(&self.address) {
            count.open -= 1;
            if count.open == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

/// A connection that fails when no byte went either way for a while. Hyper's own limits end with the header of a
/// request: a client that never reads its answer, or is silent on HTTP/2, would stay for ever.
#[derive(Debug)]
pub struct Watched {
    stream: TcpStream,
    idle: Duration,
    until: Pin<Box<Sleep>>,
    _place: Place,
}

impl Watched {
    fn moved(&mut self) {
        self.until.as_mut().reset(Instant::now() + self.idle);
    }

    /// For a stream that is not ready: not yet, or never.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        or_pending!(self.until.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, into) {
            Poll::Pending => self.wait(context),
            read => {
                self.moved();
                read
            }
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => self.wait(context),
            written => {
                self.moved();
                written
            }
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(context, parts) {
            Poll::Pending => self.wait(context),
            written => {
                self.moved();
                written
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(most: usize, most_of_one: usize, trusted: &str) -> Arc<Places> {
        let trusted = crate::limits::parse_networks(trusted).unwrap();
        Arc::new(Places { most, most_of_one, trusted, open: Mutex::default() })
    }

    fn enter(places: &Arc<Places>, address: &str, times: usize) -> Vec<Place> {
        (0..times).filter_map(|_| Places::enter(places, address.parse().unwrap())).collect()
    }

    #[test]
    fn one_address_has_its_share_and_no_more_however_many_ipv6_addresses_it_uses() {
        let places = places(1_000, 50, "10.0.0.0/8");
        let held = enter(&places, "203.0.113.7", 60);
        assert_eq!(held.len(), 50);
        assert_eq!(enter(&places, "203.0.113.8", 1).len(), 1, "another one is let in");
        let mut of_one: Vec<_> = (0..60).flat_map(|n| enter(&places, &format!("2001:db8::{n}"), 1)).collect();
        assert_eq!(of_one.len(), 50);
        of_one.pop();
        assert_eq!(enter(&places, "2001:db8::99", 2).len(), 1, "a place given back is free again");
        assert_eq!(enter(&places, "10.1.2.3", 60).len(), 60, "a trusted proxy speaks for many");
        assert_eq!(enter(&places, "127.0.0.1", 60).len(), 60);
    }

    #[test]
    fn who_fills_the_house_does_not_shut_out_others() {
        let places = places(100, 1_000, "");
        let held = enter(&places, "203.0.113.7", 200);
        assert_eq!(held.len(), 90);
        let others: Vec<_> = (0..20).flat_map(|n| enter(&places, &format!("198.51.100.{n}"), 1)).collect();
        assert_eq!(others.len(), 10);
        drop((held, others));
        assert_eq!(places.lock().all, 0);
        assert!(places.lock().by_address.is_empty(), "no address is remembered for ever");
    }
}
