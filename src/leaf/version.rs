//! Versions of programs, read where they stand: a version is a text, compared without being copied.

use std::cmp::Ordering;

/// A version that borrows from its text.
#[derive(Debug, Clone, Copy)]
pub struct Version<'t> {
    /// Major, minor, patch, and a fourth number that only lenient reading knows.
    numbers: [u64; 4],
    /// What follows `-`, up to `+`; a release has none.
    pre_release: &'t str,
}

/// How a text is read as a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Semantic Versioning 2.0.0: `3.10.0`, `3.10.0-rc.1`, `3.10.0+build.7`.
    Strict,
    /// Also one to four numbers, leading zeros, a leading `v`, and blanks around: `v3.10`, `03.1.0.7`.
    Lenient,
}

impl<'t> Version<'t> {
    /// Reads a text; `None` where it is no version.
    pub fn parse(text: &'t str, reading: Reading) -> Option<Self> {
        if let Some(version) = plain(text) {
            return Some(version);
        }
        let lenient = reading == Reading::Lenient;
        let text = if lenient { unadorned(text) } else { text };
        let (text, build) = cut(text, '+');
        let (core, pre_release) = cut(text, '-');
        if build.is_some_and(|build| !build.split('.').all(is_identifier)) {
            return None;
        }
        let is_pre = |part: &str| is_identifier(part) && (lenient || !is_padded(part));
        if pre_release.is_some_and(|pre_release| !pre_release.split('.').all(is_pre)) {
            return None;
        }
        let mut numbers = [0; 4];
        let mut places = numbers.iter_mut();
        let mut given = 0;
        for part in core.split('.') {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if !digits || !lenient && is_padded(part) {
                return None;
            }
            *places.next()? = part.parse().ok()?;
            given += 1;
        }
        (lenient || given == 3).then_some(Version { numbers, pre_release: pre_release.unwrap_or_default() })
    }
}

/// Three numbers and nothing else, as most versions are: the same whichever way they are read.
fn plain(text: &str) -> Option<Version<'_>> {
    let mut numbers = [0; 4];
    let mut rest = text.as_bytes();
    for place in 0..3 {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, after) = rest.split_at_checked(digits)?;
        // More of them may be too large, or begin with a zero.
        if !(1..=18).contains(&digits) || digits > 1 && number.first() == Some(&b'0') {
            return None;
        }
        *numbers.get_mut(place)? = number.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        rest = match (place, after) {
            (0 | 1, [b'.', after @ ..]) => after,
            (2, []) => after,
            _ => return None,
        };
    }
    Some(Version { numbers, pre_release: "" })
}

impl Version<'_> {
    /// The same version as strict reading wants it; `None` where it has a fourth number.
    pub fn strict(&self) -> Option<String> {
        let [major, minor, patch, 0] = self.numbers else { return None };
        let part = |part: &str| match part.trim_start_matches('0') {
            _ if !is_number(part) => part.to_owned(),
            "" => "0".to_owned(),
            rest => rest.to_owned(),
        };
        let core = format!("{major}.{minor}.{patch}");
        if self.pre_release.is_empty() {
            return Some(core);
        }
        let parts: Vec<String> = self.pre_release.split('.').map(part).collect();
        Some(format!("{core}-{}", parts.join(".")))
    }

    /// The same version with a text of its own.
    pub fn own(&self) -> OwnVersion {
        OwnVersion { numbers: self.numbers, pre_release: self.pre_release.into() }
    }
}

/// A version to compare others with.
#[derive(Debug, Clone)]
pub struct OwnVersion {
    numbers: [u64; 4],
    pre_release: Box<str>,
}

impl OwnVersion {
    /// The version.
    pub fn get(&self) -> Version<'_> {
        Version { numbers: self.numbers, pre_release: &self.pre_release }
    }
}

/// The order of Semantic Versioning; what stands after `+` does not count.
impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let release = |version: &Self| version.pre_release.is_empty();
        self.numbers.cmp(&other.numbers).then_with(|| match (release(self), release(other)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => identifiers(self.pre_release, other.pre_release),
        })
    }
}

impl PartialEq for Version<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version<'_> {}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One after the other; where all are equal, the longer list is greater.
fn identifiers(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (Some(a), Some(b)) => identifier(a, b),
            (None, None) => return Ordering::Equal,
            (a, b) => return a.is_some().cmp(&b.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Numbers by size, of whatever length, and before words; words byte by byte.
fn identifier(a: &str, b: &str) -> Ordering {
    match (is_number(a), is_number(b)) {
        (true, true) => {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        }
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}

/// How two texts stand to each other that strict reading takes; any other is below all versions.
pub(crate) fn order_of_versions(a: &str, b: &str) -> Ordering {
    Version::parse(a, Reading::Strict).cmp(&Version::parse(b, Reading::Strict))
}

fn unadorned(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix(['v', 'V']).unwrap_or(text)
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_padded(part: &str) -> bool {
    part.len() > 1 && part.starts_with('0') && is_number(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn strict(text: &str) -> Option<Version<'_>> {
        Version::parse(text, Reading::Strict)
    }

    fn lenient(text: &str) -> Option<Version<'_>> {
        Version::parse(text, Reading::Lenient)
    }

    #[test]
    fn precedence_is_that_of_the_specification() {
        let ascending = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.2.0",
            "1.10.0",
            "2.0.0",
        ];
        for pair in ascending.windows(2) {
            assert!(strict(pair[0]).unwrap() < strict(pair[1]).unwrap(), "{pair:?}");
        }
        assert_eq!(strict("1.0.0+a"), strict("1.0.0+b"));
    }

    #[test]
    fn lenient_reading_takes_what_programs_report() {
        for (text, same) in [
            ("3.10", "3.10.0"),
            ("v3.10.0", "3.10.0"),
            ("03.010.00", "3.10.0"),
            ("7", "7.0.0"),
            (" V2.1-rc.01 ", "2.1.0-rc.1"),
            ("1.0-00.0a.a0.010", "1.0.0-0.0a.a0.10"),
            ("1.2.3.0", "1.2.3"),
        ] {
            assert_eq!(strict(text), None, "{text}");
            assert_eq!(lenient(text), strict(same), "{text}");
            assert_eq!(lenient(text).and_then(|version| version.strict()).as_deref().and_then(strict), strict(same));
        }
        assert!(lenient("1.2.3.4") > lenient("1.2.3"));
        for text in ["", "v", "1.", ".1", "1.2.3.4.5", "1.x", "one", "1.2.3-", "1.2.3+", "99999999999999999999", "1 .2"]
        {
            assert_eq!(lenient(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn strict_reading_is_that_of_the_semver_crate(
            texts in prop::array::uniform2("[0-3]{1,2}\\.[0-2]{1,2}\\.[0-9]{1,3}(-[a0-1.-]{0,5})?(\\+[a0.-]{0,3})?")
        ) {
            let theirs = texts.clone().map(|text| semver::Version::parse(&text).ok());
            let ours = [strict(&texts[0]), strict(&texts[1])];
            for (ours, theirs) in ours.iter().zip(&theirs) {
                prop_assert_eq!(ours.is_some(), theirs.is_some());
            }
            if let ([Some(a), Some(b)], [Some(x), Some(y)]) = (ours, &theirs) {
                prop_assert_eq!(a.cmp(&b), x.cmp_precedence(y));
            }
        }

        #[test]
        fn lenient_reading_takes_all_that_strict_does(text in "\\PC{0,6}|[v0-9.+a-]{1,9}") {
            if let Some(version) = strict(&text) {
                prop_assert_eq!(lenient(&text), Some(version));
            }
        }
    }
}
