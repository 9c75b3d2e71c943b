//! Arms that are stopped, and contents put together of factors.

use std::collections::BTreeMap;

use nextbest::{RequestError, Value};

use super::experiments::{Shop, ids};

fn stopped(stops: &str) -> Shop {
    Shop::new(&format!(r#"treat web experiment greeting {{ a 20% "a"  b 30% "b"  c 50% "c" {stops} }}"#))
}

fn arms(shop: &Shop, count: usize) -> Vec<String> {
    ids(count).map(|id| shop.content(&id, "web")).collect()
}

fn counts(arms: &[String]) -> BTreeMap<&str, usize> {
    arms.iter().fold(BTreeMap::new(), |mut counts, arm| {
        *counts.entry(arm.as_str()).or_default() += 1;
        counts
    })
}

#[test]
fn a_stop_moves_nobody_but_those_of_the_arm() {
    let [all, b, c, both] = ["", "stop b", "stop c", "stop c  stop b"].map(|stops| arms(&stopped(stops), 3000));
    for n in 0..all.len() {
        assert_eq!(b[n] == all[n], all[n] != "b");
        assert_eq!(c[n] == all[n], all[n] != "c");
        // Whichever was stopped first.
        assert!(b[n] == "c" || both[n] == b[n]);
        assert!(c[n] == "b" || both[n] == c[n]);
        assert_eq!(both[n], "a");
    }
    // Its share goes to the others as they share the rest: 2 of 7 and 5 of 7.
    let moved: Vec<String> = b.iter().zip(&all).filter(|(_, was)| *was == "b").map(|(now, _)| now.clone()).collect();
    let share = counts(&moved)["a"] as f64 / moved.len() as f64;
    assert!((share - 2.0 / 7.0).abs() < 0.05, "{share}");
}

#[test]
fn who_is_kept_in_a_stopped_arm_stays_and_a_preview_shows_another() {
    let shop = stopped("stop a");
    let id = ids(100).find(|id| shop.content(id, "web") == "c").unwrap();
    let kept = shop.request("web").assigned("p.c.o.greeting", "a").unwrap();
    assert_eq!(shop.decide(&id, &kept).action().unwrap().content, "a");
    assert_eq!(shop.decide(&id, &shop.request("web").undrawn()).action().unwrap().content, "b");
    assert_eq!(shop.content("", "web"), "", "who has no id is in no arm");
}

#[test]
fn a_stop_goes_on_from_the_arm_that_another_product_drew() {
    let shop = |stop: &str| {
        Shop::new(&format!(
            r#"treat web experiment greeting using split "7" {{ a 20% "a"  b 30% "b"  c 50% "c" {stop} }}"#
        ))
    };
    let (all, b) = (arms(&shop(""), 300), arms(&shop("stop b"), 300));
    assert!(all.iter().zip(&b).all(|(was, is)| is != "b" && (was == "b" || was == is)));
}

fn looks(factors: &str) -> Shop {
    Shop::new(&format!(r#"treat web experiment looks "hello" factors {{ {factors} }} with {{ seen: 7 }}"#))
}

/// The level of a factor that each customer sees.
fn levels(shop: &Shop, factor: &str, count: usize) -> Vec<String> {
    let level = |id: String| {
        let chosen = shop.shown(&id, "web").unwrap();
        match &chosen.parameters.iter().find(|parameter| parameter.name == factor).unwrap().value {
            Some(Value::Text(level)) => level.clone(),
            other => panic!("{other:?}"),
        }
    };
    ids(count).map(level).collect()
}

#[test]
fn a_content_is_filled_with_a_level_of_each_factor() {
    let shop = looks(r#"subject: ["Hi, you", "Hello"]  image: ["cat", "dog"]"#);
    let chosen = shop.shown("customer-1", "web").unwrap();
    let names: Vec<&str> = chosen.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!((chosen.content.as_str(), names.as_slice()), ("hello", ["subject", "image", "seen"].as_slice()));
    let text = |n: usize| chosen.parameters[n].to_string().split_once(": ").unwrap().1.trim_matches('"').to_owned();
    let variant = chosen.variant.clone().unwrap();
    assert_eq!((variant.experiment.as_str(), variant.arm), ("looks", format!("subject={},image={}", text(0), text(1))));
    let again: nextbest::Chosen = serde_json::from_value(serde_json::to_value(&chosen).unwrap()).unwrap();
    assert_eq!(again, chosen);
    // All four, all alike.
    let cells: Vec<String> = ids(4000).map(|id| shop.shown(&id, "web").unwrap().variant.unwrap().arm).collect();
    let counts = counts(&cells);
    assert!(counts.len() == 4 && counts.values().all(|count| (900..1100).contains(count)), "{counts:?}");
    assert!(shop.shown("", "web").is_none(), "who has no id is in none");
}

#[test]
fn one_more_level_or_factor_moves_nobody_between_the_others() {
    let two = looks(r#"subject: ["Hi", "Hello"]  image: ["cat", "dog"]"#);
    let more = looks(r#"layout: ["wide", "narrow"]  image: ["cow", "dog", "cat"]  subject: ["Hi", "Hello"]"#);
    assert_eq!(levels(&two, "subject", 500), levels(&more, "subject", 500));
    let (before, after) = (levels(&two, "image", 3000), levels(&more, "image", 3000));
    assert!(before.iter().zip(&after).all(|(was, is)| is == "cow" || is == was));
    let cows = counts(&after)["cow"];
    assert!((900..1100).contains(&cows), "{cows}");
}

#[test]
fn levels_with_shares_are_seen_by_as_many_and_a_ramp_moves_only_those_between() {
    let mixed = |hi: u32, hello: u32| {
        looks(&format!(r#"subject: ["Hi" {hi}%, "Hello" {hello}%, "Dear" 0.0%]  image: ["cat", "dog"]"#))
    };
    let (some, more) = (mixed(70, 30), mixed(80, 20));
    let (before, after) = (levels(&some, "subject", 3000), levels(&more, "subject", 3000));
    let (was, is) = (counts(&before), counts(&after));
    assert!((2020..2180).contains(&was["Hi"]) && (2320..2480).contains(&is["Hi"]), "{was:?} {is:?}");
    assert!(!was.contains_key("Dear") && was.values().sum::<usize>() == 3000);
    assert!(before.iter().zip(&after).all(|(was, is)| was == is || is == "Hi"));
    // Whatever the other factors are drawn by: as many see each combination as its shares make.
    let both = levels(&some, "image", 3000);
    let cats = before.iter().zip(&both).filter(|(subject, image)| *subject == "Hi" && *image == "cat").count();
    assert!((970..1130).contains(&cats), "{cats}");
    assert!(some.shown("", "web").is_none(), "who has no id is in none");
    let preview = some.decide("customer-1", &some.request("web").undrawn()).action().unwrap().clone();
    assert_eq!(preview.variant.unwrap().arm, "subject=Hi,image=cat");
}

#[test]
fn factors_are_kept_and_previewed_by_the_name_of_their_levels() {
    let shop = looks(r#"subject: ["Hi", "Hello"]  image: ["cat", "dog"]"#);
    for arm in ["subject=Hello,image=cat", "subject=Hi,image=dog"] {
        let kept = shop.request("web").assigned("p.c.o.looks", arm).unwrap();
        let chosen = shop.decide("customer-1", &kept).action().unwrap().clone();
        assert_eq!(chosen.variant.unwrap().arm, arm);
    }
    let preview = shop.decide("customer-1", &shop.request("web").undrawn()).action().unwrap().clone();
    assert_eq!(preview.variant.unwrap().arm, "subject=Hi,image=cat");
    let unknown = shop.request("web").assigned("p.c.o.looks", "subject=Hi").unwrap_err();
    assert!(matches!(unknown, RequestError::UnknownArm { .. }), "{unknown}");
}

#[test]
fn factors_too_are_for_a_part_of_the_customers() {
    let shop = Shop::new(
        r#"treat web experiment looks for 20% "hello" factors { subject: ["Hi", "Hello"] }  treat web "as ever""#,
    );
    let contents = arms(&shop, 1000);
    assert!((150..250).contains(&counts(&contents)["hello"]), "{:?}", counts(&contents));
    assert_eq!(shop.content("", "web"), "as ever");
}
