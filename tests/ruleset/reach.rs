//! Which bands of a score can be reached, where it takes a calendar to tell.

use nextbest::Ruleset;
use nextbest::diagnostic::Code;

/// Whether the second of two bands of a score over time is told to be out of reach.
#[track_caller]
fn hidden(above: &str, below: &str) -> bool {
    let text = format!(
        "ruleset shop {{ zone \"Europe/Paris\" }}\nprofile {{ person id  joined instant? }}\n\
         score s on time since joined {{ 2 if {above}, 1 if {below}, else 0 }}\nsegment a when s = 1\n"
    );
    let rules = Ruleset::parse(&[("reach.nba", text)]).unwrap();
    let found = rules.bind_records().map_or_else(|found| found, |engine| engine.warnings().clone());
    let dead = found.iter().filter(|d| d.code == Code::UnreachableRow).count();
    assert_eq!(dead, found.iter().filter(|d| d.is_error()).count(), "{above}, {below}\n{found}");
    dead > 0
}

/// A month has 28 to 31 days, and clocks move by no more than a day at either end.
#[test]
fn a_band_is_hidden_where_every_month_is_long_or_short_enough() {
    for (above, below) in [
        ("< 1 month", "< 23 days"),
        ("< 1 month", "<= 23 days"),
        ("<= 1 month", "< 575 hours"),
        ("<= 2 months", "<= 51 days"),
        ("< 1 month 10 days", "< 33 days"),
        ("> 1 month", "> 36 days"),
        (">= 1 month", "> 865 hours"),
        ("> 23 days", ">= 1 month"),
        ("> 551 hours", "> 1 month"),
        ("> 2 months", "> 67 days"),
    ] {
        assert!(hidden(above, below), "{above} takes all of {below}");
    }
    for (above, below) in [
        ("< 1 month", "< 24 days"),
        ("< 1 month", "< 576 hours"),
        ("<= 2 months", "<= 52 days"),
        ("< 1 month 10 days", "< 34 days"),
        ("> 1 month", "> 35 days"),
        (">= 1 month", "> 840 hours"),
        ("> 24 days", ">= 1 month"),
        ("> 2 months", "> 66 days"),
        // The narrower one stands first.
        ("< 20 days", "< 1 month"),
        ("> 1 year", "> 20 days"),
        // They look in different directions.
        ("< 1 year", "> 20 days"),
        ("> 20 days", "< 1 year"),
    ] {
        assert!(!hidden(above, below), "{above} leaves some of {below}");
    }
}
