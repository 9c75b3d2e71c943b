//! Texts that are read before they are compared, long lists, maps.

use std::collections::HashSet;

use super::Case;
use crate::common::shopper::{Shopper, town};

pub fn cases() -> Vec<Case<Shopper>> {
    let case = |name, rule, twin| Case { goal: Some(2.0), ..Case::new("text", name, 0, rule, twin) };
    let towns: Vec<String> = (0..10_000).map(|number| town(2 * number)).collect();
    let listed: Vec<String> = towns.iter().map(|town| format!("{town:?}")).collect();
    let towns: HashSet<String> = towns.into_iter().collect();
    let least = semver::Version::new(3, 10, 0);
    vec![
        case("like, two ends", "sku like \"BK-%L\"", {
            Box::new(|s| s.sku.len() >= 4 && s.sku.starts_with("BK-") && s.sku.ends_with('L'))
        }),
        case("like, with a middle", "sku like \"BK-%77%-X%\"", {
            Box::new(|s| {
                let middle = s.sku.strip_prefix("BK-").and_then(|rest| rest.split_once("77"));
                middle.is_some_and(|(_, rest)| rest.contains("-X"))
            })
        }),
        case("like, one sign each", "sku like \"BK-_____-_\"", {
            Box::new(|s| {
                let mut rest = s.sku.strip_prefix("BK-").unwrap_or_default().chars();
                (&mut rest).take(5).count() == 5 && rest.next() == Some('-') && rest.count() == 1
            })
        }),
        case("version", "version(app) >= version(\"3.10.0\")", {
            Box::new(move |s| {
                s.app.as_ref().is_some_and(|app| semver::Version::parse(app).is_ok_and(|app| app >= least))
            })
        }),
        case("map", "settings[\"mails\"]", Box::new(|s| s.settings.get("mails") == Some(&true))),
        Case {
            with: format!("list towns [{}]", listed.join(", ")),
            ..case("list of 10,000", "town in list towns", Box::new(move |s| towns.contains(&s.town)))
        },
    ]
}
