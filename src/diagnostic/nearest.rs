//! "Did you mean …?"

/// The candidate that `name` is most likely a misspelling of, if any is near enough.
///
/// Near means at most a third of the letters differ (one at least). Among equally near candidates the
/// alphabetically first wins, so that a message never depends on the order of a map.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let cap = (length / 3).max(1);
    let lowered = name.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && candidate.chars().count().abs_diff(length) <= cap)
        // Any two single letters are one edit apart; that says nothing.
        .filter(|candidate| length > 1 || candidate.to_lowercase() == lowered)
        .map(|candidate| (distance(name, &lowered, candidate), candidate))
        .filter(|(distance, _)| *distance <= cap)
        .min()
        .map(|(_, candidate)| candidate)
}

/// A difference of case alone counts as one edit, however many letters it concerns.
fn distance(name: &str, lowered: &str, candidate: &str) -> usize {
    let exact = strsim::damerau_levenshtein(name, candidate);
    let folded = strsim::damerau_levenshtein(lowered, &candidate.to_lowercase()).saturating_add(1);
    exact.min(folded)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_nearest_and_breaks_ties_by_name() {
        assert_eq!(nearest("contry", ["county", "country"]), Some("country"));
        assert_eq!(nearest("bat", ["cat", "bar"]), Some("bar"));
        assert_eq!(nearest("bat", ["bar", "cat"]), Some("bar"));
        assert_eq!(nearest("COUNTRY", ["country"]), Some("country"));
        assert_eq!(nearest("sgement", ["segment"]), Some("segment"));
        assert_eq!(nearest("xyz", ["country"]), None);
        assert_eq!(nearest("x", []), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("x", ["X"]), Some("X"));
    }
}
