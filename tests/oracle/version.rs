//! Versions: as the `semver` crate reads and orders them, and what lenient reading makes of others.

use std::cmp::Ordering;

use nextbest::check::tree::Reading;

pub fn parse(text: &str, reading: Reading) -> Option<(semver::Version, u64)> {
    match reading {
        Reading::Strict => Some((semver::Version::parse(text).ok()?, 0)),
        Reading::Lenient => {
            let text = text.trim();
            let text = text.strip_prefix('v').or(text.strip_prefix('V')).unwrap_or(text);
            let end = text.find(['-', '+']).unwrap_or(text.len());
            let (core, rest) = text.split_at(end);
            let mut numbers: Vec<&str> = core.split('.').map(unpadded).collect();
            if numbers.len() > 4 {
                return None;
            }
            numbers.resize(4, "0");
            let fourth = numbers.pop()?;
            let plain = fourth.bytes().all(|byte| byte.is_ascii_digit());
            let (before, build) = rest.split_once('+').map_or((rest, None), |(before, build)| (before, Some(build)));
            let before: Vec<&str> =
                before.split('.').map(|part| part.strip_prefix('-').map_or(unpadded(part), |_| part)).collect();
            let before = match before[0].strip_prefix('-') {
                Some(first) => format!("-{}", [&[unpadded(first)], &before[1..]].concat().join(".")),
                None => before.join("."),
            };
            let build = build.map(|build| format!("+{build}")).unwrap_or_default();
            let strict = semver::Version::parse(&format!("{}{before}{build}", numbers.join("."))).ok()?;
            Some((strict, fourth.parse().ok().filter(|_| plain)?))
        }
    }
}

/// Leading zeros mean nothing in a number.
fn unpadded(part: &str) -> &str {
    let number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match part.trim_start_matches('0') {
        _ if !number => part,
        "" => "0",
        rest => rest,
    }
}

/// What is after `+` does not count; the fourth number comes before what is after `-`.
pub fn order(left: &str, right: &str) -> Option<Ordering> {
    let of = |text| {
        let (version, fourth) = parse(text, Reading::Lenient)?;
        let release = semver::Version { build: semver::BuildMetadata::EMPTY, ..version };
        Some(((release.major, release.minor, release.patch, fourth), release.pre))
    };
    Some(of(left)?.cmp(&of(right)?))
}
