//! Scripts whose one value is a list or an object, as maps for the web keep their data.

/// The bytes of a text up to the value that a script begins with: a list or an object that is named, called with or given out
/// (`var jalan = [`, `muat({`, `export default {`). `None` where there is none.
pub fn assignment(text: &str) -> Option<usize> {
    let mut rest = text.trim_start();
    loop {
        let comment = match rest.get(..2) {
            Some("//") => rest.find('\n').map(|at| at + 1),
            Some("/*") => rest.find("*/").map(|at| at + 2),
            _ => break,
        };
        rest = rest[comment?..].trim_start();
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let is_called = |name: &str| {
        let name = ["var ", "let ", "const "].iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name).trim();
        let (name, key) = name.strip_suffix(']').and_then(|name| name.split_once('[')).unwrap_or((name, ""));
        let is_key =
            key.is_empty() || key.trim_matches(['"', '\'']).chars().all(|c| is_name(c) || matches!(c, '-' | ' '));
        is_key && !name.is_empty() && name.chars().all(is_name)
    };
    let begins = |value: &str| value.trim_start().starts_with(['{', '[']);
    let by = |mark: char| rest.split_once(mark).filter(|(name, value)| begins(value) && is_called(name));
    let value = match rest.strip_prefix("export default") {
        Some(value) => Some(value).filter(|value| begins(value)),
        None => by('=').or_else(|| by('(')).map(|(_, value)| value),
    };
    value.map(|value| text.len() - value.len())
}
