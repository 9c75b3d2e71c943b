//! Expressions, with parentheses only where the tree needs them.

use super::{Printer, WIDTH};
use crate::syntax::ast::{
    ArithmeticOp, CompareOp, End, EventClause, EventQuantifier, Expr, ExprKind, Is, Literal, PeriodUnit, Quantifier,
    TextOp,
};
use crate::syntax::level::Level;

fn level(node: &ExprKind) -> Level {
    match node {
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Negate(_) => Level::Minus,
        ExprKind::Arithmetic { op: ArithmeticOp::Add | ArithmeticOp::Subtract, .. } => Level::Add,
        ExprKind::Arithmetic { .. } => Level::Multiply,
        ExprKind::Compare { .. } | ExprKind::Between { .. } | ExprKind::In { .. } | ExprKind::Text { .. } => {
            Level::Compare
        }
        ExprKind::ContainsOf { .. } | ExprKind::Is { .. } | ExprKind::InList { subject: Some(_), .. } => Level::Compare,
        ExprKind::IgnoringCase(_) | ExprKind::OrMissing(_) => Level::Compare,
        _ => Level::Primary,
    }
}

/// `in segment x`, `in list x`
fn asks_of_customer(node: &ExprKind) -> bool {
    matches!(node, ExprKind::InSegment { negated: false, .. } | ExprKind::InList { negated: false, subject: None, .. })
}

impl Printer {
    /// An expression where any may stand.
    pub fn expr(&mut self, expr: &Expr) {
        self.at(expr, Level::Or);
    }

    /// An expression where only one that binds at least as tightly as `least` may stand.
    pub fn at(&mut self, expr: &Expr, least: Level) {
        if level(&expr.node) >= least {
            return self.node(&expr.node);
        }
        self.put("(");
        self.node(&expr.node);
        self.put(")");
    }

    /// A condition at the end of a line: broken before each joint if the line would grow too long.
    pub fn condition(&mut self, expr: &Expr, indent: &str) {
        let start = self.out.len();
        self.expr(expr);
        let line = self.out.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1));
        let (operands, word, least) = match &expr.node {
            ExprKind::And(operands) => (operands, "and ", Level::Not),
            ExprKind::Or(operands) => (operands, "or ", Level::Not),
            _ => return,
        };
        if self.out.get(line..).is_none_or(|line| line.chars().count() <= WIDTH) {
            return;
        }
        self.out.truncate(start);
        let separator = format!("\n{indent}{word}");
        self.list(operands, &separator, |printer, operand| printer.at(operand, least));
    }

    fn node(&mut self, node: &ExprKind) {
        match node {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Path(names) => self.list(names, ".", Self::name),
            ExprKind::Item { of, key } => {
                self.list(of, ".", Self::name);
                self.put("[");
                self.text(key);
                self.put("]");
            }
            ExprKind::List(items) => self.bracketed("[", items, "]"),
            ExprKind::Now => self.put("now"),
            ExprKind::Today => self.put("today"),
            // `not in segment x` reads as one operator, so a plain `not` before it needs parentheses.
            ExprKind::Not(inner) if asks_of_customer(&inner.node) => {
                self.put("not (");
                self.node(&inner.node);
                self.put(")");
            }
            ExprKind::Not(inner) => self.prefixed("not ", inner, Level::Not),
            ExprKind::Negate(inner) => self.prefixed("-", inner, Level::Minus),
            ExprKind::And(operands) => self.list(operands, " and ", |printer, operand| printer.at(operand, Level::Not)),
            // `and` inside `or` must have its parentheses, so both ask for the same.
            ExprKind::Or(operands) => self.list(operands, " or ", |printer, operand| printer.at(operand, Level::Not)),
            ExprKind::AtLeast { count, of } => {
                self.show(format_args!("at least {} of ", count.node));
                self.bracketed("(", of, ")");
            }
            ExprKind::Arithmetic { op, left, right } => {
                let (symbol, left_level, right_level) = arithmetic(*op);
                self.infix(left, left_level, symbol, right, right_level);
            }
            ExprKind::Compare { op, left, right } => {
                self.infix(left, Level::Add, compare(*op), right, Level::Add);
            }
            ExprKind::In { negated, subject, items } => {
                let word = if *negated { "not in" } else { "in" };
                self.infix(subject, Level::Add, word, items, Level::Add);
            }
            ExprKind::Text { op, negated, subject, needle } => {
                self.infix(subject, Level::Add, text(*op, *negated), needle, Level::Add);
            }
            ExprKind::ContainsOf { quantifier, subject, items } => {
                self.infix(subject, Level::Add, contains_of(*quantifier), items, Level::Add);
            }
            ExprKind::Between { negated, subject, low, high } => {
                self.at(subject, Level::Add);
                self.put(if *negated { " not between " } else { " between " });
                self.infix(low, Level::Add, "and", high, Level::Add);
            }
            ExprKind::IgnoringCase(inner) => self.suffixed(inner, " ignoring case"),
            ExprKind::OrMissing(inner) => self.suffixed(inner, " or missing"),
            ExprKind::Is { negated, subject, what } => {
                self.at(subject, Level::Add);
                self.put(if *negated { " is not " } else { " is " });
                self.is(what);
            }
            ExprKind::InSegment { negated, segment } => {
                self.put(if *negated { "not in segment " } else { "in segment " });
                self.name(segment);
            }
            ExprKind::InStage { stages } => {
                self.put("in stage ");
                self.list(stages, ", ", |printer, stage| printer.list(&stage.node, ".", Self::name));
            }
            ExprKind::InList { negated, subject, list } => {
                if let Some(subject) = subject {
                    self.at(subject, Level::Add);
                    self.put(" ");
                }
                self.put(if *negated { "not in list " } else { "in list " });
                self.name(list);
            }
            ExprKind::Quantified { quantifier, clause } => {
                let word = match quantifier {
                    EventQuantifier::Any => "any(",
                    EventQuantifier::None => "none(",
                };
                self.called(word, clause);
            }
            ExprKind::AllHave { clause, have } => {
                self.put("all(");
                self.clause(clause);
                self.put(" have ");
                self.expr(have);
                self.put(")");
            }
            ExprKind::Aggregate { function, distinct, clause } => {
                self.put(function.word());
                self.called(if *distinct { "(distinct " } else { "(" }, clause);
            }
            ExprKind::Edge { edge, clause, property } => {
                self.put(edge.word());
                self.called("(", clause);
                if let Some(property) = property {
                    self.put(".");
                    self.name(property);
                }
            }
            ExprKind::Periods { unit, clause } => {
                let word = match unit {
                    PeriodUnit::Days => "count(days with ",
                    PeriodUnit::Weeks => "count(weeks with ",
                    PeriodUnit::Months => "count(months with ",
                    PeriodUnit::RollingWeeks => "count(rolling weeks with ",
                };
                self.called(word, clause);
            }
            ExprKind::Habit { habit, clause, periods } => {
                self.put(habit.word());
                self.put("(");
                self.clause(clause);
                for period in periods {
                    self.put(", ");
                    self.duration(&period.node);
                }
                self.put(")");
            }
            ExprKind::Chain(chain) => self.chain(chain),
            ExprKind::Share { percent, of } => {
                self.show(format_args!("{}% of ", percent.node));
                self.instant_of(of);
            }
            ExprKind::Top { end, amount, by } => {
                self.put(if *end == End::Top { "top " } else { "bottom " });
                self.literal(&amount.node);
                self.put(" by ");
                self.ranked_by(by);
            }
            ExprKind::Descending(call) => {
                self.node(&call.node);
                self.put(" descending");
            }
            ExprKind::TimeSince(inner) => {
                self.put("time since ");
                self.instant_of(inner);
            }
            ExprKind::Anniversary(inner) => {
                self.put("anniversary of ");
                self.instant_of(inner);
            }
            ExprKind::Call { name, arguments } => {
                self.name(name);
                self.bracketed("(", arguments, ")");
            }
        }
    }

    /// The operand of `time since` and its like, or the anchor of a window, which stands alone only in a few forms.
    pub(super) fn instant_of(&mut self, expr: &Expr) {
        let alone = matches!(
            &expr.node,
            ExprKind::Edge { .. }
                | ExprKind::Path(_)
                | ExprKind::Item { .. }
                | ExprKind::Call { .. }
                | ExprKind::Now
                | ExprKind::Today
                | ExprKind::Literal(Literal::Date(_) | Literal::Instant(_))
        );
        match alone {
            true => self.node(&expr.node),
            false => {
                self.put("(");
                self.node(&expr.node);
                self.put(")");
            }
        }
    }

    /// The operand of `top … by`: alone where nothing could be read into it.
    fn ranked_by(&mut self, expr: &Expr) {
        match &expr.node {
            ExprKind::Aggregate { .. }
            | ExprKind::Periods { .. }
            | ExprKind::Edge { .. }
            | ExprKind::Path(_)
            | ExprKind::Item { .. }
            | ExprKind::Call { .. } => self.node(&expr.node),
            node => {
                self.put("(");
                self.node(node);
                self.put(")");
            }
        }
    }

    pub(super) fn bracketed(&mut self, open: &str, items: &[Expr], close: &str) {
        self.put(open);
        self.list(items, ", ", Self::expr);
        self.put(close);
    }

    fn prefixed(&mut self, prefix: &str, inner: &Expr, least: Level) {
        self.put(prefix);
        self.at(inner, least);
    }

    fn suffixed(&mut self, inner: &Expr, suffix: &str) {
        self.at(inner, Level::Compare);
        self.put(suffix);
    }

    fn infix(&mut self, left: &Expr, left_level: Level, word: &str, right: &Expr, right_level: Level) {
        self.at(left, left_level);
        self.show(format_args!(" {word} "));
        self.at(right, right_level);
    }

    fn called(&mut self, open: &str, clause: &EventClause) {
        self.put(open);
        self.clause(clause);
        self.put(")");
    }

    fn is(&mut self, what: &Is) {
        match what {
            Is::Missing => self.put("missing"),
            Is::Known => self.put("known"),
            Is::Empty => self.put("empty"),
            Is::Granted => self.put("granted"),
            Is::Denied => self.put("denied"),
            Is::OlderThan(age) => {
                self.put("older than ");
                self.duration(&age.node);
            }
            Is::Before(day) => self.prefixed("before ", day, Level::Add),
            Is::After(day) => self.prefixed("after ", day, Level::Add),
            Is::On(day) => self.prefixed("on ", day, Level::Add),
            Is::OnOrBefore(day) => self.prefixed("on or before ", day, Level::Add),
            Is::OnOrAfter(day) => self.prefixed("on or after ", day, Level::Add),
            Is::Near { distance, of } => {
                self.put("within ");
                self.distance(&distance.node);
                self.put(" of ");
                self.at(of, Level::Add);
            }
            Is::Inside(region) => {
                self.put("inside ");
                self.text(region);
            }
            Is::Window(window) => self.window(&window.node),
        }
    }
}

/// Left-associative: the left operand may be of the same level, the right one not.
fn arithmetic(op: ArithmeticOp) -> (&'static str, Level, Level) {
    match op {
        ArithmeticOp::Add => ("+", Level::Add, Level::Multiply),
        ArithmeticOp::Subtract => ("-", Level::Add, Level::Multiply),
        ArithmeticOp::Multiply => ("*", Level::Multiply, Level::Minus),
        ArithmeticOp::Divide => ("/", Level::Multiply, Level::Minus),
    }
}

pub(super) fn compare(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
    }
}

fn text(op: TextOp, negated: bool) -> &'static str {
    match (op, negated) {
        (TextOp::Contains, false) => "contains",
        (TextOp::Contains, true) => "does not contain",
        (TextOp::StartsWith, false) => "starts with",
        (TextOp::StartsWith, true) => "does not start with",
        (TextOp::EndsWith, false) => "ends with",
        (TextOp::EndsWith, true) => "does not end with",
        (TextOp::Matches, false) => "matches",
        (TextOp::Matches, true) => "does not match",
        (TextOp::Like, false) => "like",
        (TextOp::Like, true) => "not like",
    }
}

fn contains_of(quantifier: Quantifier) -> &'static str {
    match quantifier {
        Quantifier::Any => "contains any of",
        Quantifier::All => "contains all of",
        Quantifier::None => "contains none of",
    }
}
