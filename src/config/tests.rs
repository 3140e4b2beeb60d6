use super::keys::Key;
use super::*;
use crate::words::Words;

fn variable(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn an_option_goes_before_a_variable_before_the_file_before_the_default() {
    let file = (Path::new("tapak.toml"), "listen = '127.0.0.1:1'\ndata = 'a'\nborder_tolerance_m = 40");
    let config = Config::from_layers(
        &[("listen", "127.0.0.1:3".to_owned())],
        &[variable("TAPAK_LISTEN", "127.0.0.1:2"), variable("TAPAK_DATA", "b")],
        Some(file),
    )
    .unwrap();
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.data, Path::new("b"));
    assert!((config.border_tolerance_m - 40.0).abs() < f64::EPSILON);
    let origin = |key: &str| config.lines().into_iter().find(|line| line.key == key).unwrap().origin;
    assert_eq!((origin("listen"), origin("data")), (Origin::Option, Origin::Variable));
    assert_eq!((origin("border_tolerance_m"), origin("smtp")), (Origin::File, Origin::Default));
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_near_one() {
    let wrong = Config::from_layers(&[], &[variable("TAPAK_LISTEM", "x")], None).unwrap_err();
    let ConfigError::Unknown { given, near, file: None } = wrong else { panic!("{wrong:?}") };
    assert_eq!((given.as_str(), near.as_deref()), ("TAPAK_LISTEM", Some("TAPAK_LISTEN")));
}

#[test]
fn every_setting_is_explained_in_both_languages() {
    for language in Language::ALL {
        let known = Words::keys(*language);
        let explained = |key: &Key| known.contains(&format!("settings.about.{}", key.name));
        let silent: Vec<_> = KEYS.iter().filter(|key| !explained(key)).map(|key| key.name).collect();
        assert!(silent.is_empty(), "{language}: {silent:?}");
        assert_eq!(known.iter().filter(|key| key.starts_with("settings.about.")).count(), KEYS.len());
    }
}

#[test]
fn every_variable_that_the_documentation_names_is_known() {
    for name in ["DATA", "DATABASE", "LISTEN", "BASE_URL", "SMTP", "MAIL_FROM", "BASEMAP", "TLS_CERT", "TLS_KEY"] {
        let key = name.to_lowercase();
        assert!(KEYS.iter().any(|known| known.name == key), "{name}");
    }
}

#[test]
fn an_invalid_address_is_refused_at_the_start_and_named() {
    let of = |value: &str| Config::from_layers(&[], &[variable("TAPAK_ALERTS", value)], None);
    assert_eq!(of("camat@example.go.id, dpmd@example.go.id,").unwrap().alerts.len(), 2);
    for wrong in ["Admin Kabupaten", "camat@", "@example.go.id", "Camat <camat@example.go.id>", "a b@example.go.id"] {
        let refused = of(&format!("pengawas@example.go.id,{wrong}")).unwrap_err().to_string();
        assert!(refused.contains("alerts") && refused.contains(wrong), "{refused}");
    }
}

#[test]
fn passwords_are_not_shown() {
    let config = Config::from_layers(
        &[],
        &[
            variable("TAPAK_DATABASE", "postgres://u:geheim@db.example.org/tapak"),
            variable("TAPAK_SMTP", "smtps://u:geheim@mail.example.org"),
        ],
        None,
    )
    .unwrap();
    let shown = format!("{:?}", config.lines());
    assert!(!shown.contains("geheim") && shown.contains("postgres://…@db.example.org/tapak"), "{shown}");
}
