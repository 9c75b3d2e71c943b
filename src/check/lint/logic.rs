//! Conditions that can never hold, or always do: by the values that they leave, and by the segments they refer to.

use super::asked::{Asked, Shape};
use super::domain::Domain;
use super::region::Region;
use super::value::{Say, Texts, subject};
use crate::check::tree::{Body, Constant, DefinitionKind, Expr, Kind, Rules};
use crate::check::walk;
use crate::diagnostic::{Diagnostic, Lint, Span};

/// What is known of a condition without knowing the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Open,
    /// It is true of nobody: false or unknown.
    Never,
    /// It is false of nobody: true or unknown.
    Always,
}

impl Verdict {
    fn when(self, holds: bool) -> Self {
        match self {
            Verdict::Never if !holds => Verdict::Always,
            Verdict::Always if !holds => Verdict::Never,
            same => same,
        }
    }
}

struct Logic<'r> {
    rules: &'r Rules,
    /// By definition.
    verdicts: Vec<Verdict>,
    texts: Texts,
    out: &'r mut Vec<Diagnostic>,
}

/// Goes through all rules, each definition after those it refers to.
pub(super) fn check(rules: &Rules, out: &mut Vec<Diagnostic>) {
    let mut logic =
        Logic { rules, verdicts: Vec::with_capacity(rules.definitions.len()), texts: Texts::default(), out };
    for definition in &rules.definitions {
        let verdict = match &definition.body {
            Body::Expr(expr) => logic.verdict(Asked::of(expr)),
            Body::Score { bands, .. } => {
                bands.iter().for_each(|(when, _)| logic.band(when));
                Verdict::Open
            }
            Body::Group { .. } => Verdict::Open,
            Body::Stages(stages) => {
                stages.iter().flatten().for_each(|when| _ = logic.verdict(Asked::of(when)));
                Verdict::Open
            }
        };
        logic.verdicts.push(verdict);
    }
    for expr in rules.catalogue_expressions() {
        logic.verdict(Asked::of(expr));
    }
    for campaign in rules.campaigns() {
        if let Some(id) = campaign.segment
            && logic.of_definition(id) == Verdict::Never
        {
            let problem = logic.empty(id, campaign.segment_span).label("this campaign can reach nobody");
            logic.out.push(problem);
        }
    }
    for weights in rules.objective.iter().flat_map(|objective| &objective.weights) {
        if let Some(id) = weights.segment
            && logic.of_definition(id) == Verdict::Never
        {
            let problem = logic.empty(id, weights.segment_span).label("these weights count for nobody");
            logic.out.push(problem);
        }
    }
}

impl Logic<'_> {
    fn of_definition(&self, id: usize) -> Verdict {
        self.verdicts.get(id).copied().unwrap_or(Verdict::Open)
    }

    /// The verdict on a condition; every reason for one is reported once, where it stands.
    fn verdict(&mut self, asked: Asked<'_>) -> Verdict {
        match asked.shape() {
            Shape::Leaf(leaf) => self.leaf(leaf),
            Shape::AtLeast(count, parts) => {
                let verdicts = self.verdicts_of(&parts);
                let many = |which| verdicts.iter().filter(|verdict| **verdict == which).count();
                if many(Verdict::Always) >= count {
                    Verdict::Always
                } else if parts.len().saturating_sub(many(Verdict::Never)) < count {
                    Verdict::Never
                } else {
                    Verdict::Open
                }
            }
            Shape::All(parts) => {
                let verdicts = self.verdicts_of(&parts);
                if verdicts.contains(&Verdict::Never) || self.together(&parts, &verdicts, true) {
                    Verdict::Never
                } else if verdicts.iter().all(|verdict| *verdict == Verdict::Always) {
                    Verdict::Always
                } else {
                    Verdict::Open
                }
            }
            Shape::Any(parts) => {
                let verdicts = self.verdicts_of(&parts);
                if verdicts.contains(&Verdict::Always) || self.together(&parts, &verdicts, false) {
                    Verdict::Always
                } else if verdicts.iter().all(|verdict| *verdict == Verdict::Never) {
                    Verdict::Never
                } else {
                    Verdict::Open
                }
            }
        }
    }

    fn verdicts_of(&mut self, parts: &[Asked<'_>]) -> Vec<Verdict> {
        parts.iter().map(|part| self.verdict(*part)).collect()
    }

    fn leaf(&mut self, leaf: Asked<'_>) -> Verdict {
        let inside = self.inside(leaf.expr);
        match &leaf.expr.kind {
            Kind::Constant(Constant::Bool(true)) => Verdict::Always.when(leaf.holds),
            Kind::Constant(Constant::Bool(false)) => Verdict::Never.when(leaf.holds),
            Kind::Definition(id) => self.reference(*id, leaf),
            // Without an event that passes the filter there is none.
            Kind::AnyEvent(_) | Kind::AllEvents { .. } if inside => Verdict::Never.when(leaf.holds),
            _ => self.alone(leaf, true),
        }
    }

    /// Looks at the event clauses of a leaf; says whether a filter lets nothing through.
    fn inside(&mut self, leaf: &Expr) -> bool {
        let mut never = false;
        if let Kind::AllEvents { have, .. } = &leaf.kind {
            never = self.verdict(Asked::of(have)) == Verdict::Never;
        }
        let clauses = walk::clauses(leaf);
        if clauses.is_empty() {
            walk::children(leaf).into_iter().for_each(|child| _ = self.inside(child));
        }
        for filter in clauses.iter().filter_map(|clause| clause.filter.as_deref()) {
            never |= self.verdict(Asked::of(filter)) == Verdict::Never;
        }
        never
    }

    fn reference(&mut self, id: usize, leaf: Asked<'_>) -> Verdict {
        let verdict = self.of_definition(id);
        if verdict == Verdict::Never {
            let problem = self.empty(id, leaf.expr.span);
            self.out.push(problem.label(if leaf.holds { "so this never holds" } else { "so this asks for nothing" }));
        }
        verdict.when(leaf.holds)
    }

    fn empty(&self, id: usize, span: Span) -> Diagnostic {
        let definition = self.rules.definitions.get(id);
        let name = definition.map_or("", |definition| definition.name.as_str());
        let message = match definition.map(|definition| definition.kind) {
            Some(DefinitionKind::Segment) => format!("nobody is ever in the segment `{name}`"),
            _ => format!("`{name}` never holds"),
        };
        let problem = Diagnostic::warning(Lint::AlwaysFalse, span, message);
        match definition {
            Some(definition) => problem.related(definition.span, "its own condition can never hold"),
            None => problem,
        }
    }

    /// A band that nothing reaches; one that takes all the rest is welcome.
    fn band(&mut self, when: &Expr) {
        self.inside(when);
        self.alone(Asked::of(when), false);
    }

    /// A comparison with values that cannot occur, or with all that can.
    fn alone(&mut self, leaf: Asked<'_>, report_always: bool) -> Verdict {
        let (Some(say), Some(domain)) =
            (self.texts.say(leaf), Domain::of(subject(leaf.expr), |id| self.rules.definitions.get(id)))
        else {
            return Verdict::Open;
        };
        let possible = domain.region();
        let warning =
            |message: &str| Diagnostic::warning(Lint::OutsideDomain, leaf.expr.span, message).label(domain.to_string());
        if say.values.and(&possible).is_empty() && !say.true_missing {
            self.out.push(warning("this never holds"));
            return Verdict::Never;
        }
        if possible.and(&say.values.not()).is_empty() && say.open_missing {
            if report_always {
                let help = "to ask whether there is a value at all, write `… is known`";
                self.out.push(warning("this holds for every value").help(help));
            }
            return Verdict::Always;
        }
        Verdict::Open
    }

    /// Whether conditions on one value leave nothing (`all`), or leave nothing out.
    fn together(&mut self, parts: &[Asked<'_>], verdicts: &[Verdict], all: bool) -> bool {
        let mut said: Vec<(Span, Say, Option<Region>)> = Vec::new();
        for (part, _) in parts.iter().zip(verdicts).filter(|(_, verdict)| **verdict == Verdict::Open) {
            if let Some(say) = self.texts.say(*part) {
                let possible =
                    Domain::of(subject(part.expr), |id| self.rules.definitions.get(id)).map(|domain| domain.region());
                said.push((part.expr.span, say, possible));
            }
        }
        let mut settled = false;
        for (place, (_, say, possible)) in said.iter().enumerate() {
            let mut same = said.iter().enumerate().filter(|(_, (_, other, _))| other.key == say.key);
            if same.clone().next().is_none_or(|(first, _)| first != place) {
                continue;
            }
            let possible = possible.clone().unwrap_or_else(Region::all);
            let alike: Vec<(Span, &Say)> = same.by_ref().map(|(_, (span, say, _))| (*span, say)).collect();
            if let Some(culprits) = culprits(&alike, &possible, all) {
                self.out.push(report(&culprits, all));
                settled = true;
            }
        }
        settled
    }
}

/// The fewest conditions that leave nothing, or nothing out: two where two do, else all.
fn culprits(alike: &[(Span, &Say)], possible: &Region, all: bool) -> Option<Vec<Span>> {
    let settled = |says: &[(Span, &Say)]| {
        if all {
            let left = says.iter().fold(possible.clone(), |left, (_, say)| left.and(&say.values));
            left.is_empty() && !says.iter().all(|(_, say)| say.true_missing)
        } else {
            let taken = says.iter().fold(Region::NONE, |taken, (_, say)| taken.or(&say.values));
            possible.and(&taken.not()).is_empty() && says.iter().any(|(_, say)| say.open_missing)
        }
    };
    if alike.len() < 2 || !settled(alike) {
        return None;
    }
    for (at, first) in alike.iter().enumerate() {
        for second in alike.iter().skip(at.saturating_add(1)) {
            if settled(&[*first, *second]) {
                return Some(vec![first.0, second.0]);
            }
        }
    }
    Some(alike.iter().map(|(span, _)| *span).collect())
}

fn report(culprits: &[Span], all: bool) -> Diagnostic {
    let (last, before) =
        culprits.split_last().map_or((Span::default(), [].as_slice()), |(last, before)| (*last, before));
    let two = before.len() == 1;
    let (problem, label) = if all {
        let problem = Diagnostic::warning(Lint::AlwaysFalse, last, "these conditions never hold together")
            .label(if two { "never together with the other" } else { "never together with the others" })
            .help("if one of them is enough, write `or` between them");
        (problem, "one of them")
    } else {
        let problem = Diagnostic::warning(Lint::AlwaysTrue, last, "one of these conditions always holds")
            .label(if two { "this takes all that the other leaves" } else { "this takes all that the others leave" })
            .help("if both must hold, write `and`; to ask whether there is a value at all, `… is known`");
        (problem, "one of them")
    };
    before.iter().fold(problem, |problem, span| problem.related(*span, label))
}
