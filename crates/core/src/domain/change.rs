//! The subject and the action of an entry of the change log.

use super::closed_set;

closed_set! {
    /// The kind of thing an entry of the change log or of the audit chain is about.
    Entity {
        Project = "project", Region = "region", Report = "report", Photo = "photo", Finding = "finding", User = "user", Post = "post",
        // In the audit chain alone.
        ImportChunk = "import_chunk", Message = "message", Upload = "upload", Job = "job", Chain = "chain",
    }
}

closed_set! {
    /// The action of a change.
    ChangeAction {
        // A project.
        Register = "register",
        Import = "import",
        Reimport = "reimport",
        Correct = "correct",
        Withdraw = "withdraw",
        Merge = "merge",
        Undo = "undo",
        // Reports and photos.
        Report = "report",
        Photo = "photo",
        Receive = "receive",
        // A finding.
        Open = "open",
        Reopen = "reopen",
        Close = "close",
        Comment = "comment",
        Decide = "decide",
        TakeBack = "take_back",
        // A user.
        Add = "add",
        Disable = "disable",
        Enable = "enable",
        EndSessions = "end_sessions",
        ChangePassword = "change_password",
        ResetPassword = "reset_password",
        GiveCode = "give_code",
        UseCode = "use_code",
        SetSecondFactor = "set_second_factor",
        RemoveSecondFactor = "remove_second_factor",
        MakeRecoveryCodes = "make_recovery_codes",
        UseRecoveryCode = "use_recovery_code",
        // A post; it is closed as a finding is.
        Create = "create",
        Appoint = "appoint",
        EndHolding = "end_holding",
        // In the audit chain alone: a file to be imported, a job, what was read or erased, the first entry.
        Choose = "choose",
        Store = "store",
        Discard = "discard",
        Retry = "retry",
        Read = "read",
        Erase = "erase",
        Begin = "begin",
    }
}

impl ChangeAction {
    /// What was done to the security of an account, of which its owner is told.
    pub const SECURITY: &'static [Self] = &[
        Self::ChangePassword,
        Self::ResetPassword,
        Self::UseCode,
        Self::SetSecondFactor,
        Self::RemoveSecondFactor,
        Self::MakeRecoveryCodes,
        Self::UseRecoveryCode,
    ];
}
