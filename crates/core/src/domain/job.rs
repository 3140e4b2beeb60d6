//! The kinds of background jobs, with what their subject is.

use super::closed_set;

closed_set! {
    /// A kind of job. Rows of other kinds, which a newer program wrote, are left to that one.
    JobKind {
        /// Compares one project with those near by. Subject: the project.
        ScreenProject = "screen_project",
        /// Compares the projects of an import chunk. Subject: the chunk.
        ScreenChunk = "screen_chunk",
        /// Compares the projects of a village whose name, code or border changed. Subject: the village.
        ScreenVillage = "screen_village",
        /// Reads or stores a file to be imported. Subject: its upload.
        Upload = "upload",
        /// Makes the small pictures of a photo. Subject: the photo.
        PreparePhoto = "prepare_photo",
        /// Makes one job for each recipient of new findings. Subject: none (nil).
        ComposeAlerts = "compose_alerts",
        /// Gathers the new findings for one recipient into one message. Subject: the person, or an id made of the address.
        NotifyRecipient = "notify_recipient",
        /// Finds the recipients of comments and decisions on findings. Subject: none (nil).
        ComposeActs = "compose_acts",
        /// Gathers comments and decisions for one recipient into one message. Subject: the person, or an id made of the address.
        NotifyOfActs = "notify_of_acts",
        /// Sends one message to one person. Subject: the message.
        SendMail = "send_mail",
        /// Makes a one-time code and sends it by mail. Subject: the code.
        SendCode = "send_code",
        /// Writes to the owner of an account what was done to its security. Subject: the person.
        TellOwner = "tell_owner",
        /// Makes the backup of the night and asks for the next one. Subject: none (nil).
        Backup = "backup",
    }
}

impl JobKind {
    /// The jobs that may still bring findings.
    pub const SCREENING: &'static [Self] = &[Self::ScreenProject, Self::ScreenChunk, Self::ScreenVillage];
}
