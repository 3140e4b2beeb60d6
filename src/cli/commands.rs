//! Commands and options in the language of the terminal: the texts of `--help`, and the messages about typing errors.
//!
//! The derived [`Command`] has only names and values; all texts are added here from `words/*/help.toml`.

use crate::domain::person::Language;
use crate::import::{Field, Headings, WIDTH, wrapped};
use crate::words::Words;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

/// Columns for the name of a field in the list of headings.
const FIELD_WIDTH: usize = 18;

/// The keys of an option: of one verb alone, or shared by several.
fn keys(path: &[&str], id: &str) -> [String; 2] {
    [format!("help.command.{}.{id}", path.join(".")), format!("help.option.{id}")]
}

/// This command with all texts in this language.
pub fn in_language(command: Command, language: Language) -> Command {
    let mut command = with_texts(command, language, &[]);
    command.build();
    // Only a built command knows the names of its parents and its inherited options.
    with_usage(command, language)
}

fn with_texts(command: Command, language: Language, path: &[&str]) -> Command {
    let about =
        if path.is_empty() { "help.about".to_owned() } else { format!("help.command.{}.about", path.join(".")) };
    let mut command = command
        .about(render(language, &about, &Value::Null))
        .help_template(format!(
            "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
            word(language, "usage")
        ))
        .subcommand_help_heading(word(language, "commands"))
        .subcommand_value_name(word(language, "command_name"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| with_help(arg, language, path))
        .arg(flag("help", 'h', ArgAction::Help, language))
        .arg(flag("version", 'V', ArgAction::Version, language));
    if path.is_empty() {
        command = command.after_help(word(language, "exit_codes"));
    }
    let has = |id: &str| command.get_arguments().any(|arg| arg.get_id() == id);
    let formats = || word(language, "formats");
    if path == ["import"] || has("map") {
        let columns = render(language, "help.columns", &json!({ "columns": known_columns() }));
        command = command.after_help(format!("{}\n{columns}", formats()));
    } else if has("valid_from") {
        command = command.after_help(formats());
    }
    command.mut_subcommands(|sub| {
        let name = sub.get_name().to_owned();
        with_texts(sub, language, &[path, &[name.as_str()]].concat())
    })
}

/// Each field with its usual headings, in lines of a usual terminal.
fn known_columns() -> String {
    let lines = Field::ALL.iter().map(|field| {
        let headings: Vec<&str> = Headings::shipped().of(*field).collect();
        let lines = wrapped(headings, ", ", WIDTH - FIELD_WIDTH - 3);
        let beside = |(at, line): (usize, &String)| {
            format!("  {:FIELD_WIDTH$}{line}\n", if at == 0 { field.as_str() } else { "" })
        };
        match lines.as_slice() {
            [] => format!("  {field}\n"),
            lines => lines.iter().enumerate().map(beside).collect(),
        }
    });
    lines.collect()
}

fn flag(id: &'static str, short: char, action: ArgAction, language: Language) -> Arg {
    let text = render(language, &format!("help.option.{id}"), &Value::Null);
    Arg::new(id).long(id).short(short).action(action).help(text).help_heading(word(language, "general"))
}

fn with_help(arg: Arg, language: Language, path: &[&str]) -> Arg {
    let id = arg.get_id().to_string();
    let text = keys(path, &id).into_iter().find_map(|key| Words::try_render(language, &key, &Value::Null));
    let mut text = text.unwrap_or_default();
    if arg.get_action().takes_values() {
        let given: Vec<String> =
            arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
        if !given.is_empty() {
            text = format!("{text} {}", render(language, "help.default", &json!({ "value": given.join(" ") })));
        }
        let possible: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        if !possible.is_empty() {
            text = format!("{text} {}", render(language, "help.possible", &json!({ "values": possible })));
        }
    }
    let heading = match (arg.is_positional(), arg.is_global_set()) {
        (true, _) => "arguments",
        (false, true) => "general",
        (false, false) => "options",
    };
    let names: Vec<String> = match arg.get_value_names() {
        Some(names) => names.iter().map(ToString::to_string).collect(),
        None => vec![id.to_uppercase()],
    };
    let takes_values = arg.get_action().takes_values();
    let arg = arg.help(text).help_heading(word(language, heading));
    if !takes_values {
        return arg;
    }
    let names: Vec<String> = names.iter().map(|name| value_name(language, name)).collect();
    arg.value_names(names).hide_default_value(true).hide_possible_values(true)
}

/// The placeholder of a value in usage and help: `FILE` is `BERKAS`.
fn value_name(language: Language, name: &str) -> String {
    Words::try_render(language, &format!("help.value.{name}"), &Value::Null).unwrap_or_else(|| name.to_owned())
}

fn with_usage(mut command: Command, language: Language) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().replace("[OPTIONS]", &word(language, "options_name"));
    // `tapak help`, which is added by building.
    if command.get_name() == "help" {
        let about = render(language, "help.command.help.about", &Value::Null);
        command = command.about(about.clone()).mut_args(|arg| arg.help(about.clone()));
    }
    command.override_usage(usage).mut_subcommands(|sub| with_usage(sub, language))
}

/// The error in a command line, the usage of the intended verb, and where to find more.
pub fn mistake(command: &Command, arguments: &[OsString], language: Language, e: &clap::Error) -> String {
    let meant = meant(command, arguments);
    let name = meant.get_bin_name().unwrap_or("tapak").to_owned();
    let usage = meant.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let mut sentences = vec![what(meant, language, e)];
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near: Vec<String> = near.into_iter().flat_map(|kind| texts(e, kind)).collect();
    if !near.is_empty() {
        sentences.push(mistake_text(language, "near", &json!({ "near": near })));
    }
    let usage = mistake_text(language, "usage", &json!({ "usage": usage }));
    let more = mistake_text(language, "more", &json!({ "command": name }));
    format!("{}\n\n{usage}\n{more}", sentences.join(" "))
}

fn what(meant: &Command, language: Language, e: &clap::Error) -> String {
    let option = first(e, ContextKind::InvalidArg);
    let given = first(e, ContextKind::InvalidValue);
    let render = |key: &str| mistake_text(language, key, &json!({ "option": option, "given": given }));
    match e.kind() {
        ErrorKind::UnknownArgument => mistake_text(language, "unknown_option", &json!({ "given": option })),
        ErrorKind::InvalidSubcommand => {
            let given = first(e, ContextKind::InvalidSubcommand);
            mistake_text(language, "unknown_command", &json!({ "given": given }))
        }
        ErrorKind::MissingRequiredArgument => {
            mistake_text(language, "missing", &json!({ "missing": texts(e, ContextKind::InvalidArg) }))
        }
        ErrorKind::MissingSubcommand => {
            mistake_text(language, "missing_command", &json!({ "known": texts(e, ContextKind::ValidSubcommand) }))
        }
        ErrorKind::InvalidValue if given.is_empty() => render("no_value"),
        ErrorKind::InvalidValue => {
            let known = mistake_text(language, "known", &json!({ "known": texts(e, ContextKind::ValidValue) }));
            format!("{} {known}", render("wrong_value"))
        }
        ErrorKind::ValueValidation => {
            let of_option = |arg: &&Arg| option.starts_with(&format!("--{}", arg.get_long().unwrap_or(" ")));
            let id = meant.get_arguments().find(of_option).map(|arg| arg.get_id().to_string());
            let expected = id.and_then(|id| Words::try_render(language, &format!("help.expected.{id}"), &Value::Null));
            let expected =
                expected.map(|expected| mistake_text(language, "expected", &json!({ "expected": expected })));
            [Some(render("wrong_value")), expected].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        ErrorKind::TooManyValues => render("needs_no_value"),
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            let wanted = [ContextKind::ExpectedNumValues, ContextKind::MinValues].map(|kind| first(e, kind)).concat();
            let count = first(e, ContextKind::ActualNumValues);
            mistake_text(language, "values", &json!({ "option": option, "wanted": wanted, "count": count }))
        }
        ErrorKind::ArgumentConflict => {
            let others = texts(e, ContextKind::PriorArg);
            if others.is_empty() || others == [option.clone()] {
                return render("twice");
            }
            mistake_text(language, "conflict", &json!({ "option": option, "others": others }))
        }
        ErrorKind::InvalidUtf8 => render("not_utf8"),
        _ => render("other"),
    }
}

/// The verb that the arguments select.
fn meant<'a>(command: &'a Command, arguments: &[OsString]) -> &'a Command {
    let mut meant = command;
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        if let Some(option) = word.strip_prefix("--").filter(|option| !option.contains('=')) {
            let takes = |arg: &Arg| arg.get_long() == Some(option) && arg.get_action().takes_values();
            if meant.get_arguments().any(takes) {
                words.next();
            }
        } else if let Some(verb) = meant.find_subcommand(&*word) {
            meant = verb;
        }
    }
    meant
}

/// `--language`, `--set language=…` and `--settings` from the command line, before it is validated.
pub fn asked(arguments: &[OsString]) -> (Option<String>, Option<PathBuf>) {
    let (mut language, mut file) = (None, None);
    let mut words = arguments.iter().skip(1).take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        let word = word.to_string_lossy();
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(OsString::from(value))),
            None => (&*word, None),
        };
        if !["--language", "--settings", "--set"].contains(&option) {
            continue;
        }
        let Some(value) = value.or_else(|| words.next().cloned()) else { break };
        let text = value.to_string_lossy();
        match option {
            "--language" => language = Some(text.into_owned()),
            "--settings" => file = Some(PathBuf::from(value)),
            _ => {
                if let Some(given) = text.strip_prefix("language=") {
                    language.get_or_insert_with(|| given.to_owned());
                }
            }
        }
    }
    (language, file)
}

/// The values in the error's context, without their punctuation.
fn texts(e: &clap::Error, kind: ContextKind) -> Vec<String> {
    match e.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::Number(number)) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

fn first(e: &clap::Error, kind: ContextKind) -> String {
    texts(e, kind).into_iter().next().unwrap_or_default()
}

fn mistake_text(language: Language, key: &str, values: &Value) -> String {
    render(language, &format!("help.mistake.{key}"), values)
}

fn word(language: Language, key: &str) -> String {
    render(language, &format!("help.{key}"), &Value::Null)
}

fn render(language: Language, key: &str, values: &Value) -> String {
    Words::render(language, key, values).trim_start_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;
    use std::any::TypeId;

    fn walk(command: &Command, see: &mut impl FnMut(&Command)) {
        see(command);
        command.get_subcommands().for_each(|sub| walk(sub, see));
    }

    #[test]
    fn every_command_and_every_option_is_explained_in_both_languages() {
        for language in Language::ALL {
            let mut seen = 0;
            walk(&in_language(Cli::command(), *language), &mut |command| {
                let name = command.get_bin_name().unwrap_or_default().to_owned();
                let about = command.get_about().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !about.is_empty() && !about.starts_with("help."),
                    "{language}: {name} is not explained: {about}"
                );
                for arg in command.get_arguments() {
                    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                    let text = help.split('[').next().unwrap_or_default().trim();
                    assert!(
                        !text.is_empty() && !text.starts_with("help."),
                        "{language}: {name} {}: {help}",
                        arg.get_id()
                    );
                    seen += 1;
                }
            });
            assert!(seen > 80, "{seen}");
        }
    }

    #[test]
    fn every_value_name_and_every_expected_value_has_words() {
        walk(&Cli::command(), &mut |command| {
            for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
                let names = arg.get_value_names().map(|names| names.iter().map(ToString::to_string).collect());
                for name in names.unwrap_or_else(|| vec![arg.get_id().as_str().to_uppercase()]) {
                    let known = Words::try_render(Language::Id, &format!("help.value.{name}"), &Value::Null);
                    assert!(known.is_some(), "{} {}: {name}", command.get_name(), arg.get_id());
                }
                let parser = arg.get_value_parser().type_id();
                let is_text = parser == TypeId::of::<String>() || parser == TypeId::of::<PathBuf>();
                let expected = format!("help.expected.{}", arg.get_id());
                assert!(is_text || Words::try_render(Language::Id, &expected, &Value::Null).is_some(), "{expected}");
            }
        });
    }

    #[test]
    fn the_language_is_found_in_a_command_line_that_is_wrong_otherwise() {
        let asked = |line: &str| asked(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        let id = Some("id".to_owned());
        assert_eq!(asked("tapak --language id scna"), (id.clone(), None));
        assert_eq!(asked("tapak scan --wrong --language=id"), (id.clone(), None));
        assert_eq!(asked("tapak config --set language=id --settings a.toml"), (id, Some("a.toml".into())));
        assert_eq!(asked("tapak scan -- --language id").0, None);
        assert_eq!(asked("tapak --language").0, None);
    }
}
