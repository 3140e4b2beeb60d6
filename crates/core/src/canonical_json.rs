//! JSON in the one form of RFC 8785, so that the same content has the same bytes wherever its digest is made.

use serde_json::Value;

/// The largest whole number that a number of RFC 8785, a double, holds exactly: 2^53 − 1.
const LARGEST: u64 = (1 << 53) - 1;

/// The canonical text of a value. Whole numbers beyond ±(2^53 − 1) are written as text, as section 3.2.2.3 of the RFC advises:
/// as doubles two amounts of money would be one. O(n log n).
pub fn canonical(value: &Value) -> String {
    let text = if holds_large(value) {
        serde_json_canonicalizer::to_string(&with_large_as_text(value.clone()))
    } else {
        serde_json_canonicalizer::to_string(value)
    };
    text.expect("a JSON value has text keys and finite numbers")
}

/// Whether a text is the canonical one of what it says.
pub fn is_canonical(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|value| canonical(&value) == text)
}

fn is_large(number: &serde_json::Number) -> bool {
    number.as_i64().map(i64::unsigned_abs).or(number.as_u64()).is_some_and(|size| size > LARGEST)
}

fn holds_large(value: &Value) -> bool {
    match value {
        Value::Number(number) => is_large(number),
        Value::Array(items) => items.iter().any(holds_large),
        Value::Object(fields) => fields.values().any(holds_large),
        _ => false,
    }
}

fn with_large_as_text(value: Value) -> Value {
    match value {
        Value::Number(number) if is_large(&number) => Value::String(number.to_string()),
        Value::Array(items) => items.into_iter().map(with_large_as_text).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, with_large_as_text(value))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn again(text: &str) -> String {
        canonical(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn the_example_of_section_3_2_2_comes_out_to_the_byte() {
        let input = r#"{
            "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        // Section 3.2.4.
        let expected = "7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e
            75 6d 62 65 72 73 22 3a 5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35
            2c 30 2e 30 30 32 2c 31 65 2d 32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e
            41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d";
        let expected: Vec<u8> = expected.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
        assert_eq!(again(input).into_bytes(), expected);
    }

    #[test]
    fn names_are_sorted_by_utf_16_as_in_section_3_2_3() {
        let input = r#"{
            "\u20ac": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\ud83d\ude00": "Emoji: Grinning Face",
            "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#;
        let text = again(input);
        let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let at: Vec<usize> = order.iter().map(|word| text.find(word).unwrap()).collect();
        assert!(at.is_sorted(), "{text}");
    }

    #[test]
    fn numbers_are_written_as_appendix_b_lists_them() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000_u64, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(canonical(&json!(f64::from_bits(bits))), expected, "{bits:016x}");
        }
    }

    #[test]
    fn two_amounts_that_a_double_cannot_tell_apart_stay_two() {
        let amount = |rupiah: i64| canonical(&json!({ "budget_rupiah": [rupiah] }));
        assert_ne!(amount(9_007_199_254_740_992), amount(9_007_199_254_740_993));
        assert_eq!(amount(9_007_199_254_740_991), r#"{"budget_rupiah":[9007199254740991]}"#);
        assert_eq!(canonical(&json!(i64::MIN)), r#""-9223372036854775808""#);
    }

    #[test]
    fn a_text_that_says_the_same_in_other_bytes_is_not_canonical() {
        assert!(is_canonical(r#"{"a":1,"b":[null,"é"]}"#));
        for text in [r#"{"b":1,"a":2}"#, r#"{"a": 1}"#, r#"{"a":1.0}"#, r#"{"a":1}{"#, r#"{"a":1,"a":1}"#] {
            assert!(!is_canonical(text), "{text}");
        }
    }
}
