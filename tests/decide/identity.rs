//! Anonymous, then known: one person under several identities, and the arm of an experiment that they stay in.

use nextbest::{
    Consent, Contact, ContactKind, Decision, Effect, Engine, Instant, Outcome, Reason, Record, RecordSchema, Request,
    Ruleset, Variant,
};

const RULES: &str = r#"
ruleset shop { zone "Europe/Paris"  currency EUR }
profile { person id  city text? }
event visit {}
channel web   inbound
channel email outbound needs consent email.marketing
policy contact { cap marketing on email at most 2 in any 7 days }
program shop {
  campaign welcome for everyone every {
    message hello {
      value 1 EUR  propensity 10%
      treat web experiment greeting { a 50% "hello.a"  b 50% "hello.b" }
    }
  }
  campaign again for everyone every {
    offer shoes { value 9 EUR  propensity 5%  eligible when count(visit) >= 3 and city = "Lyon"  treat email "shoes" }
  }
}
"#;

struct Shop {
    engine: Engine<Record>,
    schema: RecordSchema,
}

fn shop() -> Shop {
    under(RULES)
}

fn under(rules: &str) -> Shop {
    let rules = Ruleset::parse(&[("shop.nba", rules)]).unwrap_or_else(|error| panic!("{error}"));
    let engine = rules.bind_records().unwrap_or_else(|error| panic!("{error}"));
    Shop { engine, schema: rules.record_schema().unwrap() }
}

fn hour(hour: i64) -> Instant {
    Instant::parse("2026-03-10T00:00:00+01:00").unwrap().saturating_add_millis(hour * 3_600_000)
}

fn shown(id: &str, at: i64, arm: &str) -> Contact {
    Contact {
        id: id.into(),
        at: hour(at),
        outcome: Outcome::Impression,
        action: "shop.welcome.hello".into(),
        kind: ContactKind::Message,
        channel: "web".into(),
        variant: Some(Variant::new("greeting", arm)),
    }
}

impl Shop {
    fn identity(&self, id: &str) -> Record {
        let mut identity = self.schema.record();
        identity.set("person", id).unwrap();
        identity
    }

    fn request(&self, channel: &str) -> Request {
        self.engine.request(hour(12)).channel(channel).unwrap()
    }

    fn decide(&self, person: &Record, request: &Request) -> Decision {
        let decision = self.engine.decide(person, request);
        assert_eq!(decision, self.engine.explain(person, request).decision);
        decision
    }

    /// The arm, whether another one was shown, and what is to be kept.
    fn arm(&self, person: &Record, request: &Request) -> (String, bool, Option<String>) {
        let decision = self.decide(person, request);
        let chosen = decision.action().unwrap();
        let assigned = chosen.effects.iter().find_map(|effect| match effect {
            Effect::Assign { experiment, arm } => {
                assert_eq!(experiment, "shop.welcome.hello.greeting");
                Some(arm.clone())
            }
            _ => None,
        });
        (chosen.variant.as_ref().unwrap().arm.clone(), chosen.crossed, assigned)
    }

    /// Somebody whose bucket is that of an arm, and who has been shown nothing.
    fn of_arm(&self, wanted: &str) -> Record {
        let all = (0..100).map(|number| self.identity(&format!("c{number}")));
        all.into_iter().find(|one| self.arm(one, &self.request("web")).0 == wanted).unwrap()
    }
}

#[test]
fn who_was_anonymous_stays_in_the_arm_they_have_seen() {
    let shop = shop();
    let (mut cookie, mut account) = (shop.of_arm("a"), shop.of_arm("b"));
    let request = shop.request("web");
    assert_eq!(shop.arm(&account.union([&cookie]), &request), ("b".into(), false, None));
    cookie.add_contact(shown("1", 3, "a")).unwrap();
    assert_eq!(shop.arm(&cookie, &request), ("a".into(), false, None));
    // Nobody has seen the other one; it is to be kept, since the account's bucket says otherwise.
    let person = account.union([&cookie]);
    assert_eq!(shop.arm(&person, &request), ("a".into(), false, Some("a".into())));
    let kept = request.clone().assigned("shop.welcome.hello.greeting", "a").unwrap();
    assert_eq!(shop.arm(&person, &kept), ("a".into(), false, None));

    // Both have seen one: the first one wins, and who has seen both tells nothing about either.
    account.add_contact(shown("2", 5, "b")).unwrap();
    for person in [account.union([&cookie]), cookie.union([&account])] {
        let (arm, crossed, _) = shop.arm(&person, &request);
        assert_eq!((arm.as_str(), crossed), ("a", true));
    }
    let told = shop.decide(&account.union([&cookie]), &request).to_string();
    assert!(told.starts_with("web: shop.welcome.hello \"hello.a\" (greeting a, crossed), priority"), "{told}");
    assert!(told.ends_with(", to be kept in shop.welcome.hello.greeting a"), "{told}");
    account.add_contact(shown("3", 2, "b")).unwrap();
    assert_eq!(shop.arm(&account.union([&cookie]), &request), ("b".into(), true, None));
}

#[test]
fn the_first_exposure_counts_before_what_the_caller_says_unless_it_may_be_lacking() {
    let shop = shop();
    let mut person = shop.of_arm("b");
    person.add_contact(shown("1", 3, "a")).unwrap();
    let kept = shop.request("web").assigned("shop.welcome.hello.greeting", "b").unwrap();
    assert_eq!(shop.arm(&person, &kept), ("a".into(), false, Some("a".into())));
    person.contacts_complete_since(hour(-1)).unwrap();
    assert_eq!(shop.arm(&person, &kept), ("b".into(), true, None));
    assert_eq!(shop.arm(&person, &shop.request("web")), ("a".into(), false, Some("a".into())));
}

#[test]
fn only_what_was_shown_of_this_experiment_keeps_anybody() {
    let shop = shop();
    let person = shop.of_arm("b");
    let (web, arm) = (shop.request("web"), ("b".to_owned(), false, None));
    let kept = |contacts: &[Contact]| {
        let mut person = person.clone();
        contacts.iter().for_each(|contact| _ = person.add_contact(contact.clone()).unwrap());
        shop.arm(&person, &web)
    };
    let failed = Contact { outcome: Outcome::Failed, ..shown("1", 4, "a") };
    assert_eq!(kept(&[shown("1", 3, "a"), failed]), arm);
    assert_eq!(kept(&[shown("1", 13, "a")]), arm, "that is to come");
    assert_eq!(kept(&[Contact { outcome: Outcome::Withheld, ..shown("1", 3, "a") }]), arm);
    assert_eq!(kept(&[Contact { action: "shop.again.shoes".into(), ..shown("1", 3, "a") }]), arm);
    assert_eq!(kept(&[Contact { variant: Some(Variant::new("picture", "a")), ..shown("1", 3, "a") }]), arm);
    assert_eq!(kept(&[Contact { variant: None, ..shown("1", 3, "a") }]), arm);
    // An arm that is gone holds nobody, and was seen all the same.
    assert_eq!(kept(&[shown("1", 3, "z")]), ("b".into(), true, None));
    assert_eq!(kept(&[shown("1", 3, "z"), shown("2", 4, "a")]), ("a".into(), true, Some("a".into())));
    let mut person = person.clone();
    person.add_contact(shown("1", 3, "b")).unwrap();
    assert_eq!(shop.arm(&person, &web.undrawn()), ("a".into(), false, None), "a preview");
}

#[test]
fn who_has_seen_an_experiment_stays_in_it_whatever_its_part_is_now() {
    let shop = under(&RULES.replace("experiment greeting {", "experiment greeting for 0.001% {"));
    let mut person = shop.identity("c1");
    assert_eq!(shop.decide(&person, &shop.request("web")).action(), None);
    person.add_contact(shown("1", 3, "b")).unwrap();
    assert_eq!(shop.arm(&person, &shop.request("web")).0, "b");
}

#[test]
fn a_combination_is_kept_and_an_arm_that_is_stopped_is_not() {
    let looks = r#"experiment greeting "hello" factors { subject: ["Hi", "Hello"]  image: ["cat", "dog"] }"#;
    let arms = r#"experiment greeting { a 50% "hello.a"  b 50% "hello.b" }"#;
    let shop = under(&RULES.replace(arms, looks));
    let cells = ["subject=Hi,image=cat", "subject=Hello,image=cat", "subject=Hi,image=dog", "subject=Hello,image=dog"];
    let mut person = shop.of_arm(cells[3]);
    person.add_contact(shown("1", 3, "subject=Hi,image=bird")).unwrap();
    assert_eq!(shop.arm(&person, &shop.request("web")), (cells[3].into(), true, None));
    person.add_contact(shown("2", 4, cells[0])).unwrap();
    assert_eq!(shop.arm(&person, &shop.request("web")), (cells[0].into(), true, Some(cells[0].into())));

    let shop = under(&RULES.replace(r#"b 50% "hello.b" }"#, r#"b 50% "hello.b"  stop b }"#));
    let mut person = shop.identity("c1");
    person.add_contact(shown("1", 3, "b")).unwrap();
    assert_eq!(shop.arm(&person, &shop.request("web")), ("a".into(), true, None));
}

#[test]
fn histories_are_joined_and_caps_count_the_person() {
    let shop = shop();
    let (mut account, mut cookie) = (shop.identity("ann"), shop.identity("7f3a"));
    account.set("city", "Lyon").unwrap();
    account.add_consent(Consent::granted("email", "marketing", hour(-9))).unwrap();
    account.add_event("visit", hour(1), []).unwrap();
    cookie.add_event("visit", hour(2), []).unwrap().add_event("visit", hour(3), []).unwrap();
    let request = shop.request("email");
    assert_eq!(shop.decide(&account, &request).reason(), Some(Reason::NoCandidate));
    let decided = |account: &Record, cookie: &Record| shop.decide(&account.union([cookie]), &request);
    assert_eq!(decided(&account, &cookie).action().unwrap().action, "shop.again.shoes");

    let mail =
        |id: &str| Contact { channel: "email".into(), outcome: Outcome::Sent, variant: None, ..shown(id, 4, "") };
    account.add_contact(mail("1")).unwrap();
    cookie.add_contact(mail("1")).unwrap();
    assert!(decided(&account, &cookie).action().is_some(), "the same contact twice is one");
    cookie.add_contact(mail("2")).unwrap();
    assert_eq!(decided(&account, &cookie).reason(), Some(Reason::Capped));
    assert!(shop.decide(&account, &request).action().is_none());
}

#[test]
fn a_cap_per_identity_counts_the_one_who_is_here() {
    let shop = under(&RULES.replace("at most 2 in any 7 days", "at most 1 in any 7 days per identity"));
    let (mut account, mut cookie) = (shop.identity("ann"), shop.identity("7f3a"));
    account.set("city", "Lyon").unwrap();
    account.add_consent(Consent::granted("email", "marketing", hour(-9))).unwrap();
    (1..=3).for_each(|at| _ = account.add_event("visit", hour(at), []).unwrap());
    let mail = Contact { channel: "email".into(), outcome: Outcome::Sent, variant: None, ..shown("1", 4, "") };
    cookie.add_contact(mail).unwrap();
    let request = shop.request("email");
    assert!(shop.decide(&account.union([&cookie]), &request).action().is_some());
    assert_eq!(shop.decide(&cookie.union([&account]), &request).reason(), Some(Reason::Capped));
}

#[test]
fn one_withdrawal_is_enough_and_silence_takes_nothing_away() {
    let shop = shop();
    let (mut account, mut cookie) = (shop.identity("ann"), shop.identity("7f3a"));
    account.set("city", "Lyon").unwrap();
    (1..=3).for_each(|at| _ = account.add_event("visit", hour(at), []).unwrap());
    let request = shop.request("email");
    let passes = |account: &Record, cookie: &Record| {
        let both = [account.union([cookie]), cookie.union([account])];
        let [one, other] = both.map(|person| shop.decide(&person, &request).action().is_some());
        assert_eq!(one, other);
        one
    };
    assert!(!passes(&account, &cookie), "nobody has said anything");
    account.add_consent(Consent::granted("email", "marketing", hour(2))).unwrap();
    assert!(passes(&account, &cookie));
    // What is over is silence, and an older refusal is still one.
    cookie.add_consent(Consent::granted("email", "marketing", hour(0)).until(hour(1))).unwrap();
    assert!(passes(&account, &cookie));
    cookie.add_consent(Consent::denied("email", "marketing", hour(1))).unwrap();
    assert!(!passes(&account, &cookie));
    cookie.add_consent(Consent::granted("email", "marketing", hour(3))).unwrap();
    assert!(passes(&account, &cookie), "who has refused grants it again");
}
