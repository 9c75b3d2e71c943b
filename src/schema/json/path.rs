//! Where something stands in a JSON text.

use std::fmt;

/// A place, linked to the place around it; nothing is allocated while all is well.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'a> {
    /// The whole text.
    Root,
    /// A key of an object.
    Key(&'a Path<'a>, &'a str),
    /// An item of a list.
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => f.write_str("$"),
            Path::Key(around, key) if is_plain(key) => write!(f, "{around}.{key}"),
            Path::Key(around, key) => write!(f, "{around}[{key:?}]"),
            Path::Item(around, index) => write!(f, "{around}[{index}]"),
        }
    }
}

fn is_plain(key: &str) -> bool {
    key.starts_with(|c: char| c.is_alphabetic() || c == '_') && key.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_from_the_root() {
        let order = Path::Key(&Path::Root, "order");
        let third = Path::Item(&order, 3);
        assert_eq!(Path::Key(&third, "total").to_string(), "$.order[3].total");
        assert_eq!(Path::Key(&third, "a \"b\"").to_string(), r#"$.order[3]["a \"b\""]"#);
        assert_eq!(Path::Key(&Path::Root, "").to_string(), r#"$[""]"#);
    }
}
