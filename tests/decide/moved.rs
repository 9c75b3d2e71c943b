//! Whom a change of the rules moves between arms: what is told, against what is decided.

use nextbest::Reason;
use nextbest::check::moved::{Moved, Movers, Withholder};

use super::experiments::{Shop, ids};

fn shop(experiment: &str) -> Shop {
    Shop::new(&format!(r#"treat web experiment {experiment}"#))
}

fn moved(before: &str, after: &str) -> Vec<Moved> {
    let (before, after) = (shop(before), shop(after));
    after.engine.rules().moved_since(before.engine.rules())
}

fn told(before: &str, after: &str) -> Vec<String> {
    moved(before, after).iter().map(ToString::to_string).collect()
}

const HALVES: &str = r#"greeting { a 50% "a"  b 50% "b" }"#;

#[test]
fn what_moves_nobody_is_not_told() {
    for (before, after) in [
        (HALVES, HALVES),
        (HALVES, r#"greeting { a 50% "other"  b 50% "b" }"#),
        (HALVES, r#"greeting { a 50% "a"  b 50% "b"  stop b }"#),
        (HALVES, r#"greeting { a 50% "a"  c 0% "c"  b 50% "b" }"#),
        (HALVES, r#"welcome { a 10% "a"  b 90% "b" }"#),
        (r#"greeting for 10% { a 50% "a"  b 50% "b" }"#, r#"greeting for 20% { a 50% "a"  b 50% "b" }"#),
        (r#"greeting for 10% { a 50% "a"  b 50% "b" }"#, HALVES),
        (
            r#"greeting for 10% by unleash "g" { a 50% "a"  b 50% "b" }"#,
            r#"greeting for 20% by unleash "g" { a 50% "a"  b 50% "b" }"#,
        ),
        (
            r#"looks "x" factors { subject: ["Hi", "Ho", "Hey"] }"#,
            r#"looks "x" factors { image: ["cat", "dog"]  subject: ["Hey", "Hi"] }"#,
        ),
        (
            r#"looks "x" factors { subject: ["Hi" 30%, "Ho" 70%] }"#,
            r#"looks "x" factors { image: ["cat" 10%, "dog" 90%]  subject: ["Hi" 30.0%, "Ho" 70%, "Hey" 0%] }"#,
        ),
    ] {
        assert_eq!(told(before, after), [""; 0], "{before} → {after}");
    }
}

#[test]
fn what_moves_somebody_is_told_with_how_many_and_what_to_do() {
    let repair = ": give it another name, so that what is counted begins anew, or leave it as it was";
    for (before, after, expected) in [
        (
            HALVES,
            r#"greeting { a 40% "a"  b 60% "b" }"#,
            "10% of the customers of `p.c.o.greeting` change arms, such as from `a` to `b`",
        ),
        (
            HALVES,
            r#"greeting { b 50% "b"  a 50% "a" }"#,
            "100% of the customers of `p.c.o.greeting` change arms, such as from `a` to `b`",
        ),
        (
            HALVES,
            r#"greeting using eppo "s" { a 50% "a"  b 50% "b" }"#,
            "all customers of `p.c.o.greeting` are drawn anew",
        ),
        (
            r#"greeting { a 50% "a"  b 50% "b"  stop b }"#,
            HALVES,
            "customers of `p.c.o.greeting` go back to `b`, which was stopped",
        ),
        (
            r#"greeting for 20% { a 50% "a"  b 50% "b" }"#,
            r#"greeting for 15% { a 50% "a"  b 50% "b" }"#,
            "25% of the customers of `p.c.o.greeting` are no longer in it",
        ),
        (
            r#"greeting for 20% { a 50% "a"  b 50% "b" }"#,
            r#"greeting for 20% of layer top { a 50% "a"  b 50% "b" }"#,
            "80% of the customers of `p.c.o.greeting` are no longer in it",
        ),
        (
            r#"greeting for 10% by unleash "g" { a 50% "a"  b 50% "b" }"#,
            r#"greeting for 10% by unleash "h" { a 50% "a"  b 50% "b" }"#,
            "90% of the customers of `p.c.o.greeting` are no longer in it",
        ),
        (
            r#"looks "x" factors { subject: ["Hi", "Ho"] }"#,
            r#"looks "x" factors { subject: ["Hi", "Ho", "Hey"] }"#,
            "customers of `p.c.o.looks` go to \"Hey\", which is new in `subject`",
        ),
        (
            r#"looks "x" factors { subject: ["Hi" 50%, "Ho" 50%] }"#,
            r#"looks "x" factors { subject: ["Hi" 20%, "Ho" 80%] }"#,
            "30% of the customers of `p.c.o.looks` change arms, such as from `Hi` to `Ho`",
        ),
        (
            r#"looks "x" factors { subject: ["Hi", "Ho"] }"#,
            r#"looks "x" factors { subject: ["Hi" 50%, "Ho" 50%] }"#,
            "all customers of `p.c.o.looks` are drawn anew",
        ),
    ] {
        assert_eq!(told(before, after), [format!("{expected}{repair}")], "{before} → {after}");
    }
    let after = shop(r#"greeting { a 40% "a"  b 60% "b" }"#);
    let moved = after.engine.rules().moved_since(shop(HALVES).engine.rules());
    let text = after.rules.sources().slice(moved[0].span).unwrap();
    assert_eq!(text, "greeting");
}

#[test]
fn who_moves_up_in_a_layer_leaves_the_experiment_behind() {
    let layered = |first: &str| {
        Shop::new(&format!(
            r#"treat web experiment one for {first} of layer top {{ a 50% "1a"  b 50% "1b" }}
            treat app experiment two for 40% of layer top {{ a 50% "2a"  b 50% "2b" }}"#
        ))
    };
    let (before, after) = (layered("20%"), layered("30%"));
    let told: Vec<String> =
        after.engine.rules().moved_since(before.engine.rules()).iter().map(|m| m.of.clone()).collect();
    assert_eq!(told, ["p.c.o.two"]);
}

#[test]
fn as_many_move_as_is_told() {
    let splits: [&[u32]; 5] = [&[50, 50], &[20, 80], &[34, 33, 33], &[10, 20, 70], &[70, 20, 10]];
    let written = |split: &[u32]| {
        let arms: Vec<String> = split.iter().zip(["a", "b", "c"]).map(|(s, n)| format!("{n} {s}% \"{n}\"")).collect();
        format!("greeting {{ {} }}", arms.join("  "))
    };
    for before in splits {
        for after in splits {
            let (old, new) = (shop(&written(before)), shop(&written(after)));
            let changed = ids(400).filter(|id| old.content(id, "web") != new.content(id, "web")).count() as f64 / 400.0;
            let told = match new.engine.rules().moved_since(old.engine.rules()).as_slice() {
                [] => 0.0,
                [Moved { who: Movers::Between { share, .. }, .. }] => *share,
                other => panic!("{other:?}"),
            };
            assert!(
                (told - changed).abs() < 0.1 && (told > 0.0) == (changed > 0.0),
                "{before:?} → {after:?}: {told} {changed}"
            );
        }
    }
}

/// A campaign with a control group, and a holdout, each where it is written.
fn left_alone(control: &str, holdout: &str) -> Shop {
    Shop::of(&format!(
        r#"ruleset shop {{ zone "Europe/Paris"  currency EUR }}
profile {{ person id }}
channel web inbound
{holdout}
program p {{ campaign c for everyone every {control} {{ offer o {{ value 5 EUR  propensity 10%  treat web "x" }} }} }}"#
    ))
}

#[test]
fn who_enters_or_leaves_what_leaves_customers_alone_is_told() {
    let end = ": compare by those who stay where they were, or from now on alone";
    for (before, after, expected) in [
        (
            ("", ""),
            ("control 10%", ""),
            vec!["10% of the customers who are not held out enter the control group of `p.c`"],
        ),
        (
            ("control 10%", ""),
            ("control 4.5%", ""),
            vec!["5.5% of the customers who are not held out leave the control group of `p.c`"],
        ),
        (
            ("control 10%", ""),
            ("", ""),
            vec!["10% of the customers who are not held out leave the control group of `p.c`"],
        ),
        (("", ""), ("", "holdout calm 5%"), vec!["5% of all customers enter the holdout `calm`"]),
        (("", "holdout calm 5%"), ("", ""), vec!["5% of all customers leave the holdout `calm`"]),
        (
            ("", "holdout calm 5% salt \"x\""),
            ("", "holdout calm 8% salt \"x\""),
            vec!["3% of all customers enter the holdout `calm`"],
        ),
        (
            ("", "holdout calm 20% salt \"x\""),
            ("", "holdout calm 50% salt \"y\""),
            vec!["40% of all customers enter the holdout `calm`", "10% of all customers leave the holdout `calm`"],
        ),
        (("control 10%", "holdout calm 5%"), ("control 10%", "holdout calm 5% except service"), vec![]),
    ] {
        let shops = [before, after].map(|(control, holdout)| left_alone(control, holdout));
        let told = shops[1].engine.rules().moved_since(shops[0].engine.rules());
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        let expected: Vec<String> = expected.into_iter().map(|line| format!("{line}{end}")).collect();
        assert_eq!(told, expected, "{before:?} → {after:?}");
    }
}

#[test]
fn as_many_enter_and_leave_as_is_told() {
    let written = [
        ("", ""),
        ("control 20%", ""),
        ("control 50%", "holdout h 30%"),
        ("control 20%", "holdout h 60%"),
        ("", "holdout h 30% salt \"s\""),
    ];
    let shops = written.map(|(control, holdout)| left_alone(control, holdout));
    let held = |shop: &Shop, reason: Reason| -> Vec<bool> {
        ids(600).map(|id| shop.decide(&id, &shop.request("web")).reason() == Some(reason)).collect()
    };
    for old in &shops {
        for new in &shops {
            let (before, after) = (held(old, Reason::Holdout), held(new, Reason::Holdout));
            let moved = new.engine.rules().moved_since(old.engine.rules());
            for entering in [true, false] {
                let found = before.iter().zip(&after).filter(|&(&was, &is)| (was, is) == (!entering, entering)).count();
                let told = moved.iter().find_map(|moved| match moved.who {
                    Movers::Withheld { by: Withholder::Holdout, share } if entering => Some(share),
                    Movers::Released { by: Withholder::Holdout, share } if !entering => Some(share),
                    _ => None,
                });
                let found = found as f64 / 600.0;
                assert!((told.unwrap_or_default() - found).abs() < 0.06, "{moved:?}, {entering}: {found}");
                assert_eq!(told.is_some(), found > 0.0, "{moved:?}, {entering}: {found}");
            }
            // Of those whom neither holds out, and of them alone.
            let whole: Vec<usize> = (0..600).filter(|&n| !before[n] && !after[n]).collect();
            let (before, after) = (held(old, Reason::Control), held(new, Reason::Control));
            for entering in [true, false] {
                let found = whole.iter().filter(|&&n| (before[n], after[n]) == (!entering, entering)).count();
                let told = moved.iter().find_map(|moved| match moved.who {
                    Movers::Withheld { by: Withholder::Control, share } if entering => Some(share),
                    Movers::Released { by: Withholder::Control, share } if !entering => Some(share),
                    _ => None,
                });
                let found = found as f64 / whole.len() as f64;
                assert!((told.unwrap_or_default() - found).abs() < 0.08, "{moved:?}, {entering}: {found}");
                assert_eq!(told.is_some(), found > 0.0, "{moved:?}, {entering}: {found}");
            }
        }
    }
}
