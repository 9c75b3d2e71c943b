//! Conditions that time alone brings about: for good, `none(exposed(reminder) within 3 days)`, or until it undoes them again,
//! `any(order last month)`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::said::Said;

use crate::check::tree::{Body, Clause, Constant, Expr, Kind, Place, Rules, Window};
use crate::check::walk;
use crate::syntax::ast::{AggregateFunction, CompareOp};
use crate::time::{CalendarUnit, CivilWindow};

/// How time brings a condition about.
#[derive(Debug, Clone)]
pub(crate) enum Opening {
    /// For good.
    Lasting(Lasting),
    /// And may undo it again: at which instants can be told from what it says. Where time alone can only undo it, nothing does but
    /// events of these kinds that lie ahead.
    Turning(Arc<Said>, Option<Vec<usize>>),
}

/// What time does to a condition that, once it passes, goes on to do so while nothing happens: windows leave behind what they
/// hold. (But for clocks that are set back, and ends of months.)
#[derive(Debug, Clone, Default)]
pub(crate) struct Lasting {
    /// `Last` and `This`, each once.
    pub windows: Vec<CivilWindow>,
    /// Whether it may take longer than these, since they are counted from what may lie ahead.
    pub far: bool,
    /// The kinds of events looked at: what is to come is seen as it comes.
    pub kinds: Vec<usize>,
}

impl Lasting {
    fn window(window: CivilWindow, far: bool) -> Self {
        Self { windows: vec![window], far, kinds: Vec::new() }
    }

    fn and(mut self, other: &Self) -> Self {
        for window in &other.windows {
            if !self.windows.contains(window) {
                self.windows.push(*window);
            }
        }
        for &kind in &other.kinds {
            if !self.kinds.contains(&kind) {
                self.kinds.push(kind);
            }
        }
        self.far |= other.far;
        self
    }

    /// Whether time may bring it about at all.
    fn may_open(&self) -> bool {
        !self.windows.is_empty() || !self.kinds.is_empty()
    }
}

/// What is known of the definitions of rules.
pub(super) struct Openings<'r> {
    rules: &'r Rules,
    known: RefCell<HashMap<(usize, bool), Option<Lasting>>>,
}

impl<'r> Openings<'r> {
    pub fn of(rules: &'r Rules) -> Self {
        Self { rules, known: RefCell::default() }
    }

    /// What time does to a condition of which definite truth (`want`) or definite falsehood is asked; `None` where it does
    /// nothing.
    pub fn opening(&self, expr: &Expr, want: bool) -> Option<Opening> {
        match self.lasting(expr, want) {
            Some(lasting) => Some(lasting).filter(Lasting::may_open).map(Opening::Lasting),
            None => {
                let ends = self.lasting(expr, !want).filter(|_| self.stays_unknown(expr));
                Some(Opening::Turning(Arc::new(Said::of_condition(self.rules, expr)), ends.map(|ends| ends.kinds)))
            }
        }
    }

    /// Whether what is unknown stays so for good or becomes false: a birth date that lies ahead has an age one day, and who has reached
    /// no stage may reach one.
    fn stays_unknown(&self, condition: &Expr) -> bool {
        let mut stays = true;
        for expr in self.rules.with_definitions(condition) {
            walk::each(expr, &mut |inner| stays &= !matches!(inner.kind, Kind::Age(_)) && self.stages(inner).is_none());
        }
        stays
    }

    fn lasting(&self, expr: &Expr, want: bool) -> Option<Lasting> {
        match &expr.kind {
            Kind::Not(of) => self.lasting(of, !want),
            Kind::And(of) | Kind::Or(of) | Kind::AtLeast { of, .. } => {
                of.iter().try_fold(Lasting::default(), |all, part| Some(all.and(&self.lasting(part, want)?)))
            }
            Kind::Definition(index) => self.definition(*index, want),
            // Events only leave a window.
            Kind::AnyEvent(clause) if !want => self.leaving(clause),
            Kind::In { subject, items, .. } if let Some(stages) = self.stages(subject) => {
                self.reaching(stages, |stage| items.contains(&Constant::Category(stage)) == want)
            }
            Kind::Compare { op, left, right, .. } => self.compared(*op, left, right, want),
            Kind::OlderThan { subject, period } if want => {
                Some(Lasting::window(CivilWindow::Last(*period), true).and(&self.timeless(subject)?))
            }
            _ => self.timeless(expr),
        }
    }

    fn definition(&self, index: usize, want: bool) -> Option<Lasting> {
        if let Some(known) = self.known.borrow().get(&(index, want)) {
            return known.clone();
        }
        let found = match self.rules.definitions.get(index).map(|definition| &definition.body) {
            Some(Body::Expr(expr)) => self.lasting(expr, want),
            _ => None,
        };
        self.known.borrow_mut().insert((index, want), found.clone());
        found
    }

    fn stages(&self, subject: &Expr) -> Option<&'r [Option<Expr>]> {
        let Kind::Definition(index) = subject.kind else { return None };
        match &self.rules.definitions.get(index)?.body {
            Body::Stages(stages) => Some(stages),
            _ => None,
        }
    }

    /// `only in stage buying`: a customer is in one of the stages that are meant, and stays there, where time brings on these and
    /// takes away all others. What comes before the first of them does not matter.
    fn reaching(&self, stages: &[Option<Expr>], meant: impl Fn(usize) -> bool) -> Option<Lasting> {
        let rest = stages.iter().enumerate().skip_while(|(stage, _)| !meant(*stage));
        let conditions = rest.into_iter().filter_map(|(stage, when)| Some((stage, when.as_ref()?)));
        conditions
            .into_iter()
            .try_fold(Lasting::default(), |all, (stage, when)| Some(all.and(&self.lasting(when, meant(stage))?)))
    }

    /// `count(order within 7 days) < 2`, `time since x > 30 days`, `age(birth) >= 18`, `now >= x`: of what only sinks, or only
    /// grows, an upper or a lower bound.
    fn compared(&self, op: CompareOp, left: &Expr, right: &Expr, want: bool) -> Option<Lasting> {
        if let (Some(stages), Kind::Constant(Constant::Category(named))) = (self.stages(left), &right.kind) {
            let equal = want == (op == CompareOp::Equal);
            return self.reaching(stages, |stage| (stage == *named) == equal);
        }
        if let (Some(left), Some(right)) = (self.timeless(left), self.timeless(right)) {
            return Some(left.and(&right));
        }
        let wants_less = match op {
            CompareOp::Less | CompareOp::LessOrEqual => want,
            CompareOp::Greater | CompareOp::GreaterOrEqual => !want,
            // A count is never less than 0.
            CompareOp::Equal | CompareOp::NotEqual => {
                let zero = Kind::Constant(Constant::Int(0));
                return match (&left.kind, &right.kind) {
                    _ if want != (op == CompareOp::Equal) => None,
                    (_, kind) if *kind == zero => self.bounded(left, right, true),
                    (kind, _) if *kind == zero => self.bounded(right, left, true),
                    _ => None,
                };
            }
        };
        match self.timeless(right) {
            Some(bound) => Some(self.bounded(left, right, wants_less)?.and(&bound)),
            None => Some(self.bounded(right, left, !wants_less)?.and(&self.timeless(left)?)),
        }
    }

    /// A side that time moves, where it shall be less than what stands still, or greater.
    fn bounded(&self, side: &Expr, bound: &Expr, less: bool) -> Option<Lasting> {
        let by_day = || Lasting::window(CivilWindow::This(CalendarUnit::Day), true);
        match (&side.kind, &bound.kind) {
            (Kind::Aggregate { function: AggregateFunction::Count, clause, .. }, _) if less => self.leaving(clause),
            (Kind::TimeSince(of), Kind::Constant(Constant::Period(period))) if !less => {
                Some(Lasting::window(CivilWindow::Last(*period), true).and(&self.timeless(of)?))
            }
            (Kind::Age(of), _) if !less => Some(by_day().and(&self.timeless(of)?)),
            (Kind::Now | Kind::Today, _) if !less => Some(by_day()),
            _ => None,
        }
    }

    /// A clause that has fewer events as time goes on.
    fn leaving(&self, clause: &Clause) -> Option<Lasting> {
        let mut opening = clause.filter.as_ref().map_or(Some(Lasting::default()), |filter| self.timeless(filter))?;
        opening.kinds.push(clause.event);
        match clause.window {
            None | Some(Window::Civil(CivilWindow::Dates { .. })) => {}
            Some(Window::Civil(window @ (CivilWindow::Last(_) | CivilWindow::This(_)))) => opening.windows.push(window),
            Some(Window::Civil(CivilWindow::Today)) => opening.windows.push(CivilWindow::This(CalendarUnit::Day)),
            Some(_) => return None,
        }
        Some(opening)
    }

    /// What depends on events alone, and not on what time it is.
    fn timeless(&self, expr: &Expr) -> Option<Lasting> {
        let mut opening = Some(Lasting::default());
        walk::each(expr, &mut |inner| {
            let timeless = match &inner.kind {
                // A value that grows stale, or may be used no longer, is missing one day.
                Kind::Attribute(Place::Customer, index) | Kind::Item { place: Place::Customer, index, .. } => {
                    self.rules.shape.attributes.get(*index).is_some_and(|attribute| !attribute.lapses())
                }
                // A contact that has failed has failed for good.
                Kind::Attribute(..) | Kind::Item { .. } | Kind::Constant(_) | Kind::RowAt | Kind::OuterAt { .. } => {
                    true
                }
                Kind::Outcome { .. } | Kind::Bucket { .. } => true,
                Kind::Not(_) | Kind::And(_) | Kind::Or(_) | Kind::AtLeast { .. } => true,
                Kind::Compare { .. } | Kind::Between { .. } | Kind::In { .. } | Kind::Text { .. } => true,
                Kind::Contains { .. } | Kind::IsEmpty(_) | Kind::Inside { .. } | Kind::IsMissing(_) => true,
                Kind::Arithmetic { .. }
                | Kind::Share { .. }
                | Kind::ToNumber(_)
                | Kind::Logistic(_)
                | Kind::Length(_) => true,
                Kind::Part { .. } | Kind::Version { .. } | Kind::Point(..) | Kind::Distance(..) => true,
                Kind::Day { .. } => true,
                Kind::AnyEvent(clause) | Kind::Aggregate { clause, .. } | Kind::Edge { clause, .. } => {
                    opening.iter_mut().for_each(|opening| opening.kinds.push(clause.event));
                    matches!(clause.window, None | Some(Window::Civil(CivilWindow::Dates { .. })))
                }
                _ => false,
            };
            if !timeless {
                opening = None;
            }
        });
        opening
    }
}
