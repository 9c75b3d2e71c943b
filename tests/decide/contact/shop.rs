//! A shop with few rules, one customer and one moment.

use nextbest::{
    Answer, CandidateTrace, Consent, Contact, ContactKind, Currency, Decision, Engine, Instant, Money, Nothing,
    Outcome, Reason, Record, Request, Ruleset, Stage, Value,
};

const WORLD: &str = r#"
ruleset shop { zone "Europe/Paris"  week starts monday  currency EUR }
profile { person id  zone zone?  vip bool?  mails int?  born date?  leapt date?  joined instant? }
event order { total money EUR }
event left {}
event complaint { state enum(open, closed) }
channel email outbound needs consent email.marketing
channel sms outbound needs consent sms.marketing
channel web inbound
"#;

/// One offer and one message for everyone, at any time, on all channels, and a service.
pub const OPEN: &str = r#"
program winback {
  campaign back for everyone every {
    offer gift { value 20 EUR propensity 10%  treat email "a" treat sms "a" treat web "a" }
    message note { value 10 EUR propensity 10%  treat email "b" treat sms "b" treat web "b" }
  }
}
program service {
  campaign care for everyone every {
    service apology { basis contract  eligible when any(complaint where state = "closed")  treat email "c" treat web "c" }
  }
}
"#;

#[derive(Clone)]
pub struct Shop {
    pub engine: Engine<Record>,
    pub customer: Record,
    pub now: Instant,
}

pub fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

impl Shop {
    /// A policy of these lines, and the open catalogue.
    pub fn under(lines: &str, now: &str) -> Shop {
        Shop::with(&format!("policy contact {{\n{lines}\n}}\n{OPEN}"), now)
    }

    /// These rules besides the world.
    pub fn with(rules: &str, now: &str) -> Shop {
        let rules =
            Ruleset::parse(&[("shop.nba", format!("{WORLD}{rules}"))]).unwrap_or_else(|found| panic!("{found}"));
        let engine = rules.bind_records().unwrap_or_else(|found| panic!("{found}"));
        let mut customer = rules.record_schema().unwrap().record();
        for channel in ["email", "sms"] {
            customer.add_consent(Consent::granted(channel, "marketing", Instant::MIN)).unwrap();
        }
        Shop { engine, customer, now: at(now) }
    }

    pub fn zone(mut self, zone: &str) -> Shop {
        self.customer.set("zone", Value::Zone(nextbest::Zone::named(zone).unwrap())).unwrap();
        self
    }

    /// The zone that days are counted in.
    pub fn own_zone(&self) -> nextbest::Zone {
        self.on("web").zone
    }

    /// The same customer with events and consents, and without contacts.
    pub fn uncontacted(&self) -> Shop {
        let mut customer = self.customer.schema().record();
        customer.set("zone", Value::Zone(self.own_zone())).unwrap();
        for consent in self.customer.consents() {
            customer.add_consent(consent.clone()).unwrap();
        }
        let mut shop = Shop { customer, ..self.clone() };
        for row in self.customer.events("order").unwrap().as_slice() {
            shop.order(&nextbest::Event::at(row).to_string());
        }
        for row in self.customer.events("left").unwrap().as_slice() {
            shop.event("left", &nextbest::Event::at(row).to_string());
        }
        shop
    }

    pub fn row(&mut self, id: &str, action: &str, channel: &str, outcome: Outcome, when: Instant) -> &mut Shop {
        let kind = match action.rsplit('.').next() {
            Some("note") => ContactKind::Message,
            Some("apology") => ContactKind::Service,
            _ => ContactKind::Offer,
        };
        let (id, action, channel) = (id.into(), action.into(), channel.into());
        self.customer.add_contact(Contact { id, at: when, outcome, action, kind, channel, variant: None }).unwrap();
        self
    }

    /// A contact of its own.
    pub fn sent(&mut self, action: &str, channel: &str, when: &str) -> &mut Shop {
        let id = format!("{action}-{channel}-{when}");
        self.row(&id, action, channel, Outcome::Sent, at(when))
    }

    /// The same that came to something.
    pub fn came(&mut self, action: &str, outcome: Outcome, when: &str) -> &mut Shop {
        let id = format!("{action}-{outcome}-{when}");
        self.row(&id, action, "email", outcome, at(when))
    }

    pub fn order(&mut self, when: &str) -> &mut Shop {
        let total = Money::new(100, Currency::named("EUR").unwrap());
        self.customer.add_event("order", at(when), [("total", total.into())]).unwrap();
        self
    }

    pub fn event(&mut self, kind: &str, when: &str) -> &mut Shop {
        self.customer.add_event(kind, at(when), []).unwrap();
        self
    }

    pub fn complaint(&mut self, state: &str, when: &str) -> &mut Shop {
        self.customer.add_event("complaint", at(when), [("state", state.into())]).unwrap();
        self
    }

    pub fn request(&self, channel: &str) -> Request {
        self.engine.request(self.now).channel(channel).unwrap()
    }

    pub fn on(&self, channel: &str) -> Decision {
        let request = self.request(channel);
        let decision = self.engine.decide(&self.customer, &request);
        assert_eq!(
            decision,
            self.engine.explain(&self.customer, &request).decision,
            "decide and explain are one function"
        );
        let json = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&json).unwrap(), decision);
        decision
    }

    /// The last name of the action, or the reason for none.
    pub fn answer(&self, channel: &str) -> String {
        match &self.on(channel).slots[0].answer {
            Answer::Action(chosen) => chosen.action.rsplit('.').next().unwrap().to_owned(),
            Answer::Nothing(nothing) => nothing.reason.to_string(),
        }
    }

    pub fn nothing(&self, channel: &str) -> Nothing {
        match &self.on(channel).slots[0].answer {
            Answer::Nothing(nothing) => nothing.clone(),
            Answer::Action(chosen) => panic!("{chosen:?}"),
        }
    }

    /// What became of an action.
    pub fn trace(&self, action: &str, channel: &str) -> CandidateTrace {
        let explanation = self.engine.explain(&self.customer, &self.request(channel));
        explanation.slots[0].candidates.iter().find(|trace| trace.action.ends_with(action)).unwrap().clone()
    }

    pub fn left(&self, action: &str, channel: &str) -> Option<Stage> {
        self.trace(action, channel).left
    }

    pub fn later(&self, now: Instant) -> Shop {
        Shop { now, ..self.clone() }
    }

    /// Held back for this reason until just before this, and then no longer.
    pub fn held(&self, channel: &str, reason: Reason, until: &str) {
        let nothing = self.nothing(channel);
        assert_eq!(nothing.reason, reason, "at {}", self.now);
        assert_eq!(nothing.retry_at, Some(at(until)), "at {}", self.now);
        let then = |now| self.later(now).on(channel).reason();
        assert_eq!(then(at(until).saturating_sub_millis(1)), Some(reason), "until then it holds");
        assert_ne!(then(at(until)), Some(reason), "then no longer");
    }
}
