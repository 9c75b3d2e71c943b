//! Finding things by name.

use std::collections::BTreeMap;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Names, each with the number of what it names; of two equal ones the first counts.
#[derive(Debug)]
pub(crate) struct Names(BTreeMap<String, usize>);

impl Names {
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::numbered(names.into_iter().enumerate())
    }

    /// Names with numbers of their own.
    pub fn numbered<'a>(names: impl IntoIterator<Item = (usize, &'a str)>) -> Self {
        let mut found = BTreeMap::new();
        for (index, name) in names {
            found.entry(nfc(name.to_owned())).or_insert(index);
        }
        Names(found)
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.0.get(name).or_else(|| self.0.get(&nfc(name.to_owned()))).copied()
    }

    pub fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.0.keys().map(String::as_str))
    }
}

/// The text in normal form C, in which texts are compared.
pub(crate) fn nfc(text: String) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        _ => text.nfc().collect(),
    }
}

/// The name that was probably meant.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    crate::diagnostic::nearest(wanted, names).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_either_form_and_guessed_when_misspelt() {
        let names = Names::new(["country", "caf\u{e9}", "age", "country"]);
        assert_eq!(names.find("country"), Some(0));
        assert_eq!(names.find("cafe\u{301}"), Some(1));
        assert_eq!(names.find("contry"), None);
        assert_eq!(names.nearest("contry").as_deref(), Some("country"));
        assert_eq!(names.nearest("Age").as_deref(), Some("age"));
        assert_eq!(names.nearest("weather"), None);
        assert_eq!(names.nearest(&"a".repeat(1_000_000)), None);
    }
}
