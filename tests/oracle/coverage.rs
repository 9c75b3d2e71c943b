//! Which forms of expression and of window a set of rules uses.

use std::collections::BTreeMap;

use nextbest::CivilWindow;
use nextbest::check::tree::{Body, Clause, Expr, Kind, Measure, Place, Rules, Window};
use nextbest::syntax::ast::{CompareOp, Side};

/// Every variant of [`Kind`].
pub const KINDS: [&str; 48] = [
    "Constant",
    "Attribute",
    "Item",
    "Attribute of an outer row",
    "RowAt",
    "OuterAt",
    "Outcome",
    "Definition",
    "Now",
    "Today",
    "Not",
    "And",
    "Or",
    "AtLeast",
    "Compare",
    "Between",
    "In",
    "Text",
    "Contains",
    "IsEmpty",
    "Inside",
    "IsMissing",
    "Consent",
    "OlderThan",
    "Day",
    "InWindow",
    "AnyEvent",
    "AllEvents",
    "Aggregate",
    "Edge",
    "Periods",
    "Lifecycle",
    "Chain",
    "TimeSince",
    "Part",
    "Age",
    "Call",
    "Anniversary",
    "Length",
    "Version",
    "Point",
    "Distance",
    "ToNumber",
    "Logistic",
    "Bucket",
    "Arithmetic",
    "Share",
    "Standing",
];

/// Every variant of [`Measure`].
pub const MEASURES: [&str; 6] = ["Quantile", "Ntile", "CumeDist", "Percentile", "Top", "Bottom"];

/// Every operator, function and part, and what `is` may ask, each as its kind of expression and its own name.
pub const FORMS: [&str; 71] = [
    "AnyEvent of items",
    "AllEvents of items",
    "Aggregate of items",
    "Edge of items",
    "Attribute of an outer item",
    "Text Contains",
    "Text StartsWith",
    "Text EndsWith",
    "Text Matches",
    "Text Like",
    "Compare Equal",
    "Compare NotEqual",
    "Compare Less",
    "Compare LessOrEqual",
    "Compare Greater",
    "Compare GreaterOrEqual",
    "Arithmetic Add",
    "Arithmetic Subtract",
    "Arithmetic Multiply",
    "Arithmetic Divide",
    "Aggregate Count",
    "Aggregate Sum",
    "Aggregate Average",
    "Aggregate Median",
    "Aggregate Min",
    "Aggregate Max",
    "Edge First",
    "Edge Last",
    "Edge MostFrequent",
    "Contains Any",
    "Contains All",
    "Contains None",
    "Part Date",
    "Part Time",
    "Part Hour",
    "Part Year",
    "Part Month",
    "Part Day",
    "Part Weekday",
    "Part Season",
    "Day Before",
    "Day After",
    "Day On",
    "Day OnOrBefore",
    "Day OnOrAfter",
    "is missing",
    "is known",
    "is empty",
    "is granted",
    "is denied",
    "is not granted",
    "is near",
    "is inside",
    "is not inside",
    "is older than",
    "is in a window",
    "Version Strict",
    "Version Lenient",
    "exposed",
    "Outcome Pending",
    "Outcome Sent",
    "Outcome Failed",
    "Outcome Delivered",
    "Outcome Impression",
    "Outcome Opened",
    "Outcome Clicked",
    "Outcome Accepted",
    "Outcome Rejected",
    "Outcome Converted",
    "Outcome Unsubscribed",
    "Outcome Withheld",
];

/// Every variant of [`CivilWindow`], and every side of an anchor.
pub const WINDOWS: [&str; 13] = [
    "Last",
    "Next",
    "Ago",
    "UntilAgo",
    "Dates",
    "Today",
    "Yesterday",
    "This",
    "Previous",
    "LastFull",
    "After",
    "Before",
    "Around",
];

/// How often each form was met.
#[derive(Debug, Default)]
pub struct Coverage {
    pub kinds: BTreeMap<&'static str, usize>,
    pub windows: BTreeMap<&'static str, usize>,
    pub measures: BTreeMap<&'static str, usize>,
    pub forms: BTreeMap<String, usize>,
    /// Of the rules that are looked at: which kinds of event are lists of items.
    timeless: Vec<bool>,
}

impl Coverage {
    pub fn rules(&mut self, rules: &Rules) {
        self.timeless = rules.shape.events.iter().map(|event| event.timeless).collect();
        for definition in &rules.definitions {
            match &definition.body {
                Body::Expr(expr) => self.expr(expr),
                Body::Score { bands, otherwise } => {
                    bands.iter().for_each(|(condition, value)| {
                        self.expr(condition);
                        self.expr(value);
                    });
                    self.expr(otherwise);
                }
                Body::Group { .. } => {}
                Body::Stages(stages) => stages.iter().flatten().for_each(|when| self.expr(when)),
            }
        }
    }

    /// The forms that were never met.
    pub fn lacking(&self) -> Vec<&'static str> {
        let forms = FORMS.iter().filter(|form| !self.forms.contains_key(**form));
        let kinds = KINDS.iter().filter(|kind| !self.kinds.contains_key(*kind));
        let windows = WINDOWS.iter().filter(|window| !self.windows.contains_key(*window));
        let measures = MEASURES.iter().filter(|measure| !self.measures.contains_key(*measure));
        kinds.chain(windows).chain(measures).chain(forms).copied().collect()
    }

    fn expr(&mut self, expr: &Expr) {
        let kind = self.inside(&expr.kind);
        if let Some(form) = form(&expr.kind) {
            self.form(form);
        }
        *self.kinds.entry(kind).or_default() += 1;
    }

    fn form(&mut self, form: String) {
        // A form that the list lacks could vanish from the generator unseen.
        assert!(FORMS.contains(&form.as_str()), "`{form}` is not in the list of forms");
        *self.forms.entry(form).or_default() += 1;
    }

    /// Visits what is inside and names the form itself.
    fn inside(&mut self, kind: &Kind) -> &'static str {
        match kind {
            Kind::Constant(_) => "Constant",
            Kind::Attribute(Place::Outer { event, .. }, _) => {
                if self.timeless[*event] {
                    self.form("Attribute of an outer item".to_owned());
                }
                "Attribute of an outer row"
            }
            Kind::Attribute(..) => "Attribute",
            Kind::Item { .. } => "Item",
            Kind::RowAt => "RowAt",
            Kind::OuterAt { .. } => "OuterAt",
            Kind::Outcome { .. } => "Outcome",
            Kind::Definition(_) => "Definition",
            Kind::Now => "Now",
            Kind::Today => "Today",
            Kind::Not(of) => self.under("Not", [&**of]),
            Kind::And(of) => self.under("And", of),
            Kind::Or(of) => self.under("Or", of),
            Kind::AtLeast { of, .. } => self.under("AtLeast", of),
            Kind::Compare { left, right, .. } => self.under("Compare", [&**left, &**right]),
            Kind::Between { subject, low, high } => self.under("Between", [&**subject, &**low, &**high]),
            Kind::In { subject, .. } => self.under("In", [&**subject]),
            Kind::Text { subject, .. } => self.under("Text", [&**subject]),
            Kind::Contains { subject, .. } => self.under("Contains", [&**subject]),
            Kind::IsEmpty(of) => self.under("IsEmpty", [&**of]),
            Kind::Inside { subject, .. } => self.under("Inside", [&**subject]),
            Kind::IsMissing(of) => self.under("IsMissing", [&**of]),
            Kind::Consent { .. } => "Consent",
            Kind::OlderThan { subject, .. } => self.under("OlderThan", [&**subject]),
            Kind::Day { subject, other, .. } => self.under("Day", [&**subject, &**other]),
            Kind::InWindow { subject, window } => {
                self.window(window);
                self.under("InWindow", [&**subject])
            }
            Kind::AnyEvent(clause) => self.clause("AnyEvent", clause),
            Kind::AllEvents { clause, have } => {
                self.expr(have);
                self.clause("AllEvents", clause)
            }
            Kind::Aggregate { clause, .. } => self.clause("Aggregate", clause),
            Kind::Edge { clause, .. } => self.clause("Edge", clause),
            Kind::Periods { clause, .. } => self.clause("Periods", clause),
            Kind::Chain(chain) => {
                chain.clauses().for_each(|clause| _ = self.clause("Chain", clause));
                "Chain"
            }
            Kind::Lifecycle { clause, .. } => self.clause("Lifecycle", clause),
            Kind::TimeSince(of) => self.under("TimeSince", [&**of]),
            Kind::Part { of, .. } => self.under("Part", [&**of]),
            Kind::Call { arguments, .. } => self.under("Call", arguments),
            Kind::Age(of) => self.under("Age", [&**of]),
            Kind::Anniversary(of) => self.under("Anniversary", [&**of]),
            Kind::Length(of) => self.under("Length", [&**of]),
            Kind::Version { of, .. } => self.under("Version", [&**of]),
            Kind::Point(lat, lon) => self.under("Point", [&**lat, &**lon]),
            Kind::Distance(from, to) => self.under("Distance", [&**from, &**to]),
            Kind::ToNumber(of) => self.under("ToNumber", [&**of]),
            Kind::Logistic(of) => self.under("Logistic", [&**of]),
            Kind::Bucket { .. } => "Bucket",
            Kind::Arithmetic { left, right, .. } => self.under("Arithmetic", [&**left, &**right]),
            Kind::Share { of, .. } => self.under("Share", [&**of]),
            Kind::Standing { by, measure, .. } => {
                let name = match measure {
                    Measure::Quantile { .. } => "Quantile",
                    Measure::Ntile { .. } => "Ntile",
                    Measure::CumeDist { .. } => "CumeDist",
                    Measure::Percentile => "Percentile",
                    Measure::Top { .. } => "Top",
                    Measure::Bottom { .. } => "Bottom",
                };
                *self.measures.entry(name).or_default() += 1;
                self.under("Standing", [&**by])
            }
        }
    }

    fn under<'e>(&mut self, name: &'static str, of: impl IntoIterator<Item = &'e Expr>) -> &'static str {
        of.into_iter().for_each(|expr| self.expr(expr));
        name
    }

    fn clause(&mut self, name: &'static str, clause: &Clause) -> &'static str {
        if self.timeless[clause.event] {
            self.form(format!("{name} of items"));
        }
        if let Some(filter) = &clause.filter {
            self.expr(filter);
        }
        if let Some(window) = &clause.window {
            self.window(window);
        }
        name
    }

    fn window(&mut self, window: &Window) {
        let window = match window {
            Window::Civil(window) => window,
            Window::Anchored { side, anchor, .. } => {
                self.expr(anchor);
                let name = match side {
                    Side::After => "After",
                    Side::Before => "Before",
                    Side::Around => "Around",
                };
                *self.windows.entry(name).or_default() += 1;
                return;
            }
        };
        let name = match window {
            CivilWindow::Last(_) => "Last",
            CivilWindow::Next(_) => "Next",
            CivilWindow::Ago { .. } => "Ago",
            CivilWindow::UntilAgo(_) => "UntilAgo",
            CivilWindow::Dates { .. } => "Dates",
            CivilWindow::Today => "Today",
            CivilWindow::Yesterday => "Yesterday",
            CivilWindow::This(_) => "This",
            CivilWindow::Previous(_) => "Previous",
            CivilWindow::LastFull { .. } => "LastFull",
        };
        *self.windows.entry(name).or_default() += 1;
    }
}

/// Which operator, function or part, or what `is` asks.
fn form(kind: &Kind) -> Option<String> {
    Some(match kind {
        Kind::Text { op, .. } => format!("Text {op:?}"),
        Kind::Compare { op: CompareOp::LessOrEqual, left, right, .. }
            if matches!((&left.kind, &right.kind), (Kind::Distance(..), Kind::Constant(_))) =>
        {
            "is near".to_owned()
        }
        Kind::Compare { op, .. } => format!("Compare {op:?}"),
        Kind::Arithmetic { op, .. } => format!("Arithmetic {op:?}"),
        Kind::Aggregate { function, .. } => format!("Aggregate {function:?}"),
        Kind::Edge { edge, .. } => format!("Edge {edge:?}"),
        Kind::Contains { quantifier, .. } => format!("Contains {quantifier:?}"),
        Kind::Part { part, .. } => format!("Part {part:?}"),
        Kind::Day { relation, .. } => format!("Day {relation:?}"),
        Kind::Version { reading, .. } => format!("Version {reading:?}"),
        Kind::Outcome { outcome: Some(outcome), .. } => format!("Outcome {outcome:?}"),
        Kind::Outcome { outcome: None, .. } => "exposed".to_owned(),
        Kind::IsMissing(_) => "is missing".to_owned(),
        Kind::IsEmpty(_) => "is empty".to_owned(),
        Kind::Consent { granted: true, .. } => "is granted".to_owned(),
        Kind::Consent { granted: false, .. } => "is denied".to_owned(),
        Kind::OlderThan { .. } => "is older than".to_owned(),
        Kind::Inside { .. } => "is inside".to_owned(),
        Kind::InWindow { .. } => "is in a window".to_owned(),
        Kind::Not(of) => match of.kind {
            Kind::IsMissing(_) => "is known".to_owned(),
            Kind::Consent { granted: true, .. } => "is not granted".to_owned(),
            Kind::Inside { .. } => "is not inside".to_owned(),
            _ => return None,
        },
        _ => return None,
    })
}
