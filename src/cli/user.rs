//! `tapak user add` makes an account (the first one elsewhere than in the demo); `tapak user list` shows them.

use super::{CliError, Context};
use crate::actions::add_user::{PASSWORD_CHARS, UserInput, add_user};
use crate::store::users;
use clap::{Args, Subcommand};
use std::io::{IsTerminal, Read};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person; the password is read from standard input
    Add(Add),
    /// List people
    List,
}

#[derive(Debug, Args)]
pub struct Add {
    /// Name to sign in with
    login: String,
    /// Full name
    #[arg(long)]
    name: String,
    /// officer, village_head, inspector or administrator
    #[arg(long)]
    role: String,
    /// Code of the region that this person answers for; administrators alone may do without
    #[arg(long, value_name = "CODE")]
    region: Option<String>,
    /// Address for alerts
    #[arg(long)]
    email: Option<String>,
    /// Language of mails: id or en
    #[arg(long = "speaks", default_value = "id", value_name = "LANGUAGE")]
    speaks: String,
}

pub async fn run(context: &Context, verb: User) -> Result<ExitCode, CliError> {
    let app = context.open().await?;
    match verb {
        User::Add(add) => {
            let input = UserInput {
                login: add.login,
                name: add.name,
                role: add.role,
                region_code: add.region,
                email: add.email,
                language: add.speaks,
                password: read_password()?,
                demo: false,
            };
            let person = add_user(&app, input).await.map_err(|e| context.action(e))?;
            println!("{} ({}) can sign in", person.login, person.role);
        }
        User::List => {
            let mut tx = app.store.read().await?;
            for person in users::list(&mut tx).await? {
                let region = person.region_code.unwrap_or_else(|| "*".to_owned());
                println!("{:20}  {:14}  {:14}  {}", person.login, person.role.as_str(), region, person.name);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The first line of standard input: `tapak user add … < file`, a pipe, or typed at the terminal.
fn read_password() -> Result<String, CliError> {
    let mut text = String::new();
    if std::io::stdin().is_terminal() {
        eprintln!("Password (at least {PASSWORD_CHARS} characters, shown as you type; end with Enter):");
        std::io::stdin().read_line(&mut text).map_err(|e| CliError::Message(e.to_string()))?;
    } else {
        std::io::stdin().take(10_000).read_to_string(&mut text).map_err(|e| CliError::Message(e.to_string()))?;
    }
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
