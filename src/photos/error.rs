//! Why a photo is refused or cannot be delivered.

use serde_json::{Map, Value, json};

/// Each variant is answered differently; `code()` is stable.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    #[error("larger than {most} bytes")]
    TooLarge { most: usize },
    #[error("not a readable JPEG, PNG or WebP")]
    NotAnImage,
    #[error("the picture is truncated or damaged: {0}")]
    Truncated(String),
    #[error("{width} × {height} pixels are more than {most_megapixels} megapixels or {most_side} on a side")]
    TooManyPixels { width: u32, height: u32, most_megapixels: u32, most_side: u32 },
    #[error("{width} × {height} pixels unpack to {unpacked} bytes, more than {most}")]
    TooDeepPixels { width: u32, height: u32, unpacked: u64, most: u64 },
    #[error("{width} × {height} pixels take {needed} bytes to decode, more than {most}")]
    TooMuchMemory { width: u32, height: u32, needed: u64, most: u64 },
    /// Others are being decoded; try again.
    #[error("no memory became free for decoding")]
    Busy,
    #[error("the file {0} is not in the photo folder")]
    Lost(String),
    #[error("the file {0} differs from what was stored")]
    Damaged(String),
    #[error("the disk of the photo folder is full")]
    StorageFull,
    #[error("photo folder: {0}")]
    Storage(String),
}

impl PhotoError {
    pub const fn too_large(most: usize) -> Self {
        Self::TooLarge { most }
    }

    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotAnImage => "not_an_image",
            Self::Truncated(_) => "truncated_image",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooDeepPixels { .. } => "too_deep_pixels",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::Busy => "busy",
            Self::Lost(_) => "photo_lost",
            Self::Damaged(_) => "photo_damaged",
            Self::StorageFull => "storage_full",
            Self::Storage(_) => "storage",
        }
    }

    /// The code under which a fault of a stored file is recorded; `None` for other errors.
    pub const fn file_fault(&self) -> Option<&'static str> {
        match self {
            Self::Lost(_) => Some("lost"),
            Self::Damaged(_) => Some("damaged"),
            _ => None,
        }
    }

    /// Whether the bytes are at fault, not this server at this moment: sent again, they would be refused again under
    /// the same settings.
    pub const fn is_of_bytes(&self) -> bool {
        matches!(
            self,
            Self::TooLarge { .. }
                | Self::NotAnImage
                | Self::Truncated(_)
                | Self::TooManyPixels { .. }
                | Self::TooDeepPixels { .. }
                | Self::TooMuchMemory { .. }
        )
    }

    /// The values of the sentence for this code.
    pub fn values(&self) -> Map<String, Value> {
        let values = match self {
            Self::TooLarge { most } => json!({ "most": most }),
            Self::TooManyPixels { width, height, most_megapixels, most_side } => {
                json!({ "width": width, "height": height, "most_megapixels": most_megapixels, "most_side": most_side })
            }
            Self::TooDeepPixels { width, height, unpacked, most } => {
                json!({ "width": width, "height": height, "unpacked": unpacked, "most": most })
            }
            Self::TooMuchMemory { width, height, needed, most } => {
                json!({ "width": width, "height": height, "needed": needed, "most": most })
            }
            _ => Value::Null,
        };
        values.as_object().cloned().unwrap_or_default()
    }

    /// An error of the folder or the object store; detects a full disk anywhere in its chain of sources.
    pub(super) fn from_source(e: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = Some(e);
        while let Some(inner) = cause {
            let full = inner.downcast_ref::<std::io::Error>().is_some_and(|io| {
                matches!(io.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
            });
            if full {
                return Self::StorageFull;
            }
            cause = inner.source();
        }
        Self::Storage(e.to_string())
    }
}
