//! Whole stories: register twice near by → verdict → finding → one mail each.

mod act_mails;
mod alerts;
mod at_once;
mod atlas;
mod bad_input;
mod bps_codes;
mod calibrate;
mod correct;
mod counts;
mod deciding;
mod double_work;
mod finding_history;
mod hidden_houses;
mod import;
mod killed;
mod labelled;
mod like_records;
mod mail;
mod many_villages;
mod one_grouping;
mod own_excel;
mod read_once;
mod scan;
mod second_door;
mod versions;
mod whatif;
