#!/usr/bin/env bash
# quick-xml 0.42.0 (crate): what its reader makes of text depends on a feature that any other crate of the build may turn on.
# Without the feature `encoding` it reads UTF-8 whatever the declaration says. With it, which calamine 0.38.0 asks for, it turns
# the same bytes from the encoding of the declaration: a program that had turned a file into UTF-8 before (and left the line
# `encoding="ISO-8859-1"` in it) reads broken letters from the day on which it also depends on calamine. No line of it changed.
#
# Printed: the text of one element, without and with the other crate.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "letters"
version = "0.0.0"
edition = "2024"
[dependencies]
quick-xml = { version = "=0.42.0", default-features = false }
calamine = { version = "=0.38.0", optional = true }
TOML
cat >"$folder/src/main.rs" <<'RUST'
use quick_xml::{Reader, events::Event};

fn main() {
    let utf8 = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><name>Münster</name>".as_bytes();
    let (mut reader, mut buffer) = (Reader::from_reader(utf8), Vec::new());
    loop {
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Text(text) => println!("{}", text.into_inner()),
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
}
RUST

alone=$(cargo run --quiet --manifest-path "$folder/Cargo.toml")
beside=$(cargo run --quiet --manifest-path "$folder/Cargo.toml" --features calamine)
echo "quick-xml 0.42.0 alone: $alone; beside calamine 0.38.0: $beside"
if [ "$alone" != "Münster" ] || [ "$beside" = "Münster" ]; then
    echo "this is no longer so" >&2
    exit 1
fi
