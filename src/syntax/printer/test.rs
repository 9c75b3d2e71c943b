//! Decision tests.

use super::Printer;
use crate::syntax::ast::{
    Check, Expected, Given, Moment, Name, Property, Spanned, TestAction, TestCase, TestLines, TestMoment,
};
use crate::syntax::level::Level;

impl Printer {
    pub fn test(&mut self, name: &Name, lines: &TestLines, cases: &[TestCase]) {
        self.put("test ");
        self.text(name);
        if *lines == TestLines::default() && cases.is_empty() {
            return self.put(" {}");
        }
        self.put(" {\n");
        self.test_lines(lines, "  ");
        for case in cases {
            self.put("  case ");
            self.text(&case.name);
            self.put("\n");
            self.test_lines(&case.lines, "    ");
        }
        self.put("}");
    }

    pub fn check(&mut self, check: &Check) {
        match check {
            Check::EveryCampaignReachable => self.put("check every campaign reachable"),
            Check::Overlap(one, other) => self.show(format_args!("check overlap {}, {}", one.node, other.node)),
        }
    }

    /// What is given stands on one line for all of its kind, `why not` on a line each.
    fn test_lines(&mut self, lines: &TestLines, indent: &str) {
        if let Some(now) = &lines.now {
            self.show(format_args!("{indent}now {}\n", now.node));
        }
        if !lines.given.is_empty() {
            self.show(format_args!("{indent}given "));
            self.list(&lines.given, &format!(",\n{indent}  "), |printer, given| printer.given(&given.node));
            self.put("\n");
        }
        if !lines.on.is_empty() {
            self.show(format_args!("{indent}on "));
            self.list(&lines.on, ", ", Self::dotted);
            self.put("\n");
        }
        let mut together = false;
        for expected in &lines.expect {
            let why_not = matches!(expected.node, Expected::WhyNot { .. });
            match (together && !why_not, why_not) {
                (true, _) => self.put(", "),
                (false, true) => self.show(format_args!("{}{indent}", if together { "\n" } else { "" })),
                (false, false) => self.show(format_args!("{indent}expect ")),
            }
            self.expected(&expected.node);
            if why_not {
                self.put("\n");
            }
            together = !why_not;
        }
        if together {
            self.put("\n");
        }
    }

    fn given(&mut self, given: &Given) {
        match given {
            Given::Segment { negated, segment } => self.in_segment(*negated, segment),
            Given::Value { path, value, moment } => {
                self.dotted(path);
                self.put(" = ");
                self.at(value, Level::Add);
                self.moment(moment.as_ref());
            }
            Given::Events { count, event, properties, moment } => {
                if let Some(count) = count {
                    self.show(format_args!("{} ", count.node));
                }
                self.name(event);
                if !properties.is_empty() {
                    self.put(" { ");
                    self.list(properties, ", ", Self::property);
                    self.put(" }");
                }
                self.moment(moment.as_ref());
            }
            Given::Contact { outcome, action, channel, moment } => {
                self.name(outcome);
                self.put(" ");
                self.test_action(action);
                if let Some(channel) = channel {
                    self.show(format_args!(" on {}", channel.node));
                }
                self.moment(Some(moment));
            }
            Given::None { event } => self.show(format_args!("no {}", event.node)),
            Given::Consent { negated, consent, until } => {
                let no = if *negated { "no " } else { "" };
                self.show(format_args!("{no}consent {}.{}", consent.channel.node, consent.purpose.node));
                self.until(until.as_ref());
            }
        }
    }

    fn expected(&mut self, expected: &Expected) {
        match expected {
            Expected::Action(action) => self.test_action(action),
            Expected::Nothing { because, until } => {
                self.put("nothing");
                if let Some(because) = because {
                    self.show(format_args!(" because {}", because.node));
                }
                self.until(until.as_ref());
            }
            Expected::Value { name, value: None } => self.show(format_args!("{} is missing", name.node)),
            Expected::Value { name, value: Some(value) } => {
                self.show(format_args!("{} = ", name.node));
                self.at(value, Level::Add);
            }
            Expected::Segment { negated, segment } => self.in_segment(*negated, segment),
            Expected::WhyNot { action, code } => {
                self.put("why not ");
                self.test_action(action);
                self.show(format_args!(" = {}", code.node));
            }
        }
    }

    fn in_segment(&mut self, negated: bool, segment: &Name) {
        self.show(format_args!("{}in segment {}", if negated { "not " } else { "" }, segment.node));
    }

    fn property(&mut self, property: &Property) {
        self.show(format_args!("{}: ", property.name.node));
        self.at(&property.value, Level::Add);
    }

    fn test_action(&mut self, action: &TestAction) {
        self.dotted(&action.path);
        if let Some(row) = &action.row {
            self.put("[");
            self.at(row, Level::Add);
            self.put("]");
        }
    }

    fn dotted(&mut self, path: &Spanned<Vec<Name>>) {
        self.list(&path.node, ".", Self::name);
    }

    fn moment(&mut self, moment: Option<&Spanned<TestMoment>>) {
        match moment.map(|moment| &moment.node) {
            Some(TestMoment::Ago(period)) => {
                self.put(" ");
                self.duration(period);
                self.put(" ago");
            }
            Some(TestMoment::At(instant)) => self.show(format_args!(" at {instant}")),
            None => {}
        }
    }

    fn until(&mut self, until: Option<&Spanned<Moment>>) {
        if let Some(until) = until {
            self.show(format_args!(" until {}", until.node));
        }
    }
}
