//! Reads a password from a terminal, without showing it, or from a file or a pipe.

use super::{CliError, Context, INTERRUPTED};
use crate::accounts::password::PASSWORD_CHARS;
use serde_json::json;
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the terminal currently hides typing. Ctrl-C must then be handled by the reader: ending the program at once
/// would leave a terminal behind that shows no typing any more.
static ASKING: AtomicBool = AtomicBool::new(false);

pub fn is_asking() -> bool {
    ASKING.load(Ordering::SeqCst)
}

/// Prompts at a terminal; otherwise the first line of the standard input: `tapak user add … < file`, or a pipe.
pub fn read_password(context: &Context) -> Result<String, CliError> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return ask_twice(context, ask_hidden);
    }
    let mut text = String::new();
    stdin.take(10_000).read_to_string(&mut text).map_err(CliError::file(Path::new("/dev/stdin")))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Returns, or ends the program, only after the terminal is restored.
fn ask_hidden(prompt: &str) -> io::Result<String> {
    ASKING.store(true, Ordering::SeqCst);
    let typed = rpassword::prompt_password(prompt);
    if typed.as_ref().is_err_and(|e| e.kind() == ErrorKind::Interrupted) {
        std::process::exit(INTERRUPTED);
    }
    ASKING.store(false, Ordering::SeqCst);
    typed
}

/// A hidden password is typed twice: a typing error would lock its owner out.
fn ask_twice(context: &Context, mut ask: impl FnMut(&str) -> io::Result<String>) -> Result<String, CliError> {
    let mut asked = |key: &str| {
        let prompt = context.render(&format!("user.{key}"), json!({ "least": PASSWORD_CHARS }));
        ask(&format!("{prompt} ")).map_err(CliError::file(Path::new("/dev/tty")))
    };
    let (first, again) = (asked("ask_password")?, asked("ask_again")?);
    if first == again { Ok(first) } else { Err(CliError::Message(context.render("user.not_the_same", json!({})))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::domain::person::Language;

    #[test]
    fn a_password_that_is_typed_with_a_slip_is_not_taken() {
        let context = Context { config: Config::load(&[], None).unwrap(), language: Language::Id };
        let type_in = |texts: [&str; 2]| {
            let (mut texts, mut prompts) = (texts.into_iter(), Vec::new());
            let typed = ask_twice(&context, |prompt| {
                prompts.push(prompt.to_owned());
                Ok(texts.next().unwrap().to_owned())
            });
            (typed.map_err(|e| e.sentence(Language::Id)), prompts)
        };
        let (typed, prompts) = type_in(["empat kuda", "empat kuda"]);
        assert_eq!(typed, Ok("empat kuda".to_owned()));
        assert!(prompts[0].contains("tidak terlihat") && prompts[1].contains("Sekali lagi"), "{prompts:?}");
        let (typed, _) = type_in(["empat kuda", "empat kudq"]);
        assert!(typed.is_err_and(|message| message.contains("tidak sama")));
    }
}
