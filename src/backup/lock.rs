//! One backup or prune at a time in a place: a locked file in a folder, which ends with its process; in S3-compatible
//! storage an object that its holder renews.

use super::{BackupError, Target};
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutMode, PutPayload};
use std::fs::{File, TryLockError};
use std::time::Duration;
use tokio::task::JoinHandle;

const NAME: &str = "lock";
/// Written to learn what time it is there: the clocks of two machines may differ.
const PROBE: &str = "lock.probe";
/// How often the object is renewed, and after how long without that its holder is no more.
const RENEW: Duration = Duration::from_secs(60);
const DEAD: Duration = Duration::from_secs(600);

/// Held until it is released or its process ends.
pub struct Lock {
    target: Target,
    hold: Hold,
}

enum Hold {
    #[expect(dead_code, reason = "the lock on the file is held as long as it is open")]
    File(File),
    Object {
        holder: String,
        renewal: JoinHandle<()>,
    },
}

impl Lock {
    /// `Busy` where another process holds it. `holder` is a text that no other holder has.
    pub async fn take(target: &Target, holder: &str) -> Result<Self, BackupError> {
        let hold = match target.folder() {
            Some(folder) => {
                let file = File::options().create(true).truncate(false).write(true).open(folder.join(NAME));
                let file = file.map_err(|e| target.failed(&e))?;
                match file.try_lock() {
                    Ok(()) => Hold::File(file),
                    Err(TryLockError::WouldBlock) => return Err(BackupError::Busy(target.shown().to_owned())),
                    Err(TryLockError::Error(e)) => return Err(target.failed(&e)),
                }
            }
            None => {
                if !create(target, holder).await? {
                    if !is_dead(target).await? {
                        return Err(BackupError::Busy(target.shown().to_owned()));
                    }
                    target.remove(NAME).await?;
                    if !create(target, holder).await? {
                        return Err(BackupError::Busy(target.shown().to_owned()));
                    }
                }
                Hold::Object {
                    holder: holder.to_owned(),
                    renewal: tokio::spawn(renew(target.clone(), holder.to_owned())),
                }
            }
        };
        Ok(Self { target: target.clone(), hold })
    }

    /// Fails where another process has taken the object for one of a dead process. Asked before anything is named or
    /// removed.
    pub async fn hold_on(&self) -> Result<(), BackupError> {
        let Hold::Object { holder, .. } = &self.hold else { return Ok(()) };
        match self.target.get(NAME).await? {
            Some(found) if found.as_ref() == holder.as_bytes() => Ok(()),
            _ => Err(BackupError::LockLost(self.target.shown().to_owned())),
        }
    }

    pub async fn release(self) {
        if self.hold_on().await.is_ok()
            && let Hold::Object { renewal, .. } = &self.hold
        {
            renewal.abort();
            if let Err(e) = self.target.remove(NAME).await {
                tracing::warn!("the lock of the backups stays for a while: {e}");
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Hold::Object { renewal, .. } = &self.hold {
            renewal.abort();
        }
    }
}

async fn create(target: &Target, holder: &str) -> Result<bool, BackupError> {
    let payload = PutPayload::from(holder.to_owned());
    match target.objects().put_opts(&Path::from(NAME), payload, PutMode::Create.into()).await {
        Ok(_) => Ok(true),
        Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
        Err(e) => Err(target.failed(&e)),
    }
}

/// Whether nobody renewed it for so long, by the clock of the storage.
async fn is_dead(target: &Target) -> Result<bool, BackupError> {
    let held = match target.objects().head(&Path::from(NAME)).await {
        Err(object_store::Error::NotFound { .. }) => return Ok(true),
        other => other.map_err(|e| target.failed(&e))?.last_modified,
    };
    target.put(PROBE, Vec::new()).await?;
    let now = target.objects().head(&Path::from(PROBE)).await.map_err(|e| target.failed(&e))?.last_modified;
    target.remove(PROBE).await?;
    Ok((now - held).to_std().is_ok_and(|age| age >= DEAD))
}

async fn renew(target: Target, holder: String) {
    loop {
        tokio::time::sleep(RENEW).await;
        let is_ours = matches!(target.get(NAME).await, Ok(Some(found)) if found.as_ref() == holder.as_bytes());
        if is_ours && let Err(e) = target.put(NAME, holder.clone()).await {
            tracing::warn!("the lock of the backups could not be renewed: {e}");
        }
    }
}
