//! The kinds of jobs, with what their subject is.

use std::time::Duration;

/// Compares one project with those near by. Subject: the project.
pub const SCREEN_PROJECT: &str = "screen_project";
/// Compares the projects of an import chunk. Subject: the chunk.
pub const SCREEN_CHUNK: &str = "screen_chunk";
/// Compares the projects of a village whose name, code or border changed. Subject: the village.
pub const SCREEN_VILLAGE: &str = "screen_village";
/// Makes the small pictures of a photo. Subject: the photo.
pub const PREPARE_PHOTO: &str = "prepare_photo";
/// Makes one job for each recipient of news. Subject: none (nil).
pub const COMPOSE_ALERTS: &str = "compose_alerts";
/// Gathers the news for one recipient into one message. Subject: the person, or an id made of the address.
pub const NOTIFY_RECIPIENT: &str = "notify_recipient";
/// Looks up who is to hear of comments and decisions on findings. Subject: none (nil).
pub const COMPOSE_ACTS: &str = "compose_acts";
/// Gathers them for one recipient into one message. Subject: the person, or an id made of the address.
pub const NOTIFY_OF_ACTS: &str = "notify_of_acts";
/// Sends one message to one person. Subject: the message.
pub const SEND_MAIL: &str = "send_mail";

/// Those that this program does. Others are left to the newer one that writes them.
pub const KNOWN: &[&str] = &[
    SCREEN_PROJECT,
    SCREEN_CHUNK,
    SCREEN_VILLAGE,
    PREPARE_PHOTO,
    COMPOSE_ALERTS,
    NOTIFY_RECIPIENT,
    COMPOSE_ACTS,
    NOTIFY_OF_ACTS,
    SEND_MAIL,
];

/// The jobs that may still bring alerts.
pub const SCREENING: &[&str] = &[SCREEN_PROJECT, SCREEN_CHUNK, SCREEN_VILLAGE];

/// Screenings of single projects that one worker takes at once: their facts are read and their pairs written together.
pub const COMPANY: i64 = 60;

/// How long a worker may have a job in hand before another takes it.
pub const LEASE: Duration = Duration::from_secs(300);

/// Deaths of the process that had it in hand before a job is given up: it may be what ends it.
pub const DEATHS: u32 = 3;

/// Tries before a job is given up.
pub const TRIES: u32 = 10;

/// The pause after try number `attempt`: 2 s, 8 s, 32 s, 2 min, 8 min, 34 min, then hourly.
pub fn pause(attempt: u32) -> Duration {
    Duration::from_secs((2_u64 << (2 * attempt.clamp(1, 7) - 2)).min(3_600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_no_further() {
        let pauses: Vec<u64> = (1..=9).map(|attempt| pause(attempt).as_secs()).collect();
        assert_eq!(pauses, [2, 8, 32, 128, 512, 2_048, 3_600, 3_600, 3_600]);
    }
}
