//! Expressions: operands and the flat list of what stands between them.

use super::climb::{Climber, Infix, Prefix, Wrap};
use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use super::repair;
use crate::diagnostic::Span;
use crate::syntax::ast::{
    ArithmeticOp, CompareOp, Expr, ExprKind, Is, Literal, Name, Quantifier, Spanned, TextOp,
};

impl Lower<'_> {
    /// An `expr` or `arith`.
    pub fn expr(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        self.mixed(pair);
        let mut climber = Climber::default();
        for item in inner(pair) {
            let span = self.span(&item);
            match item.as_rule() {
                Rule::minus => climber.prefix(Prefix::Minus, span),
                Rule::not_op => climber.prefix(Prefix::Not, span),
                Rule::bang => {
                    self.report(repair::operator(span, "!", "not "));
                    climber.prefix(Prefix::Not, span);
                }
                Rule::symbol_op | Rule::arith_op => climber.infix(self.symbol(item.as_str(), span), span, self),
                Rule::and_op => climber.infix(Infix::And, span, self),
                Rule::or_op => climber.infix(Infix::Or, span, self),
                Rule::in_op => climber.infix(Infix::In { negated: negated(&item) }, span, self),
                Rule::contains_of => climber.infix(Infix::ContainsOf(contained(&item)), span, self),
                Rule::text_op => climber.infix(text_op(&item), span, self),
                Rule::or_missing => climber.wrap(Wrap::OrMissing, span, self),
                Rule::ignoring_case => climber.wrap(Wrap::IgnoringCase, span, self),
                Rule::is | Rule::between => self.predicate(&item, span, &mut climber)?,
                _ => climber.operand(self.primary(&item)?),
            }
        }
        climber.finish(self)
    }

    fn predicate(&mut self, item: &Pair<'_>, span: Span, climber: &mut Climber) -> Option<()> {
        let wrap = match item.as_rule() {
            Rule::is => self.is(item)?,
            _ => self.between(item)?,
        };
        climber.wrap(wrap, span, self);
        Some(())
    }

    fn symbol(&mut self, text: &str, span: Span) -> Infix {
        let right = match text {
            "==" => "=",
            "<>" => "!=",
            "=>" => ">=",
            "=<" => "<=",
            "&&" => "and",
            "||" => "or",
            other => other,
        };
        if right != text {
            self.report(repair::operator(span, text, right));
        }
        match right {
            "and" => Infix::And,
            "or" => Infix::Or,
            "+" => Infix::Arithmetic(ArithmeticOp::Add),
            "-" => Infix::Arithmetic(ArithmeticOp::Subtract),
            "*" => Infix::Arithmetic(ArithmeticOp::Multiply),
            "/" => Infix::Arithmetic(ArithmeticOp::Divide),
            other => Infix::Compare(compare_op(other)),
        }
    }

    /// Reports `and` and `or` side by side, with both readings.
    fn mixed(&mut self, pair: &Pair<'_>) {
        let joint = |item: &Pair<'_>| match (item.as_rule(), item.as_str()) {
            (Rule::and_op, _) | (Rule::symbol_op, "&&") => Some(true),
            (Rule::or_op, _) | (Rule::symbol_op, "||") => Some(false),
            _ => None,
        };
        let (mut and, mut or) = (false, false);
        for item in inner(pair) {
            match joint(&item) {
                Some(true) => and = true,
                Some(false) => or = true,
                None => {}
            }
        }
        if and && or {
            let joints = inner(pair).filter_map(|item| Some((joint(&item)?, self.span(&item)))).collect();
            let diagnostic = repair::mixed(self, self.span(pair), joints);
            self.report(diagnostic);
        }
    }

    fn primary(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        let span = self.span(pair);
        let node = match pair.as_rule() {
            Rule::paren => return self.paren(pair, span),
            Rule::path => self.path(pair)?,
            Rule::list => ExprKind::List(self.exprs(pair)?),
            Rule::now => ExprKind::Now,
            Rule::today => ExprKind::Today,
            Rule::aggregate => self.aggregate(pair)?,
            Rule::quantified => self.quantified(pair)?,
            Rule::all_have => self.all_have(pair)?,
            Rule::edge => self.edge(pair)?,
            Rule::at_least => self.at_least(pair)?,
            Rule::time_since => self.time_since(pair)?,
            Rule::share => self.share(pair)?,
            Rule::in_segment => self.in_segment(pair)?,
            _ => ExprKind::Literal(self.literal(pair)?),
        };
        Some(Spanned { node, span })
    }

    fn literal(&mut self, pair: &Pair<'_>) -> Option<Literal> {
        Some(match pair.as_rule() {
            Rule::text => Literal::Text(self.text(pair).node),
            Rule::foreign_text => self.foreign_text(pair),
            Rule::quantity => self.quantity(pair),
            Rule::date => self.date(pair),
            Rule::bad_date => self.bad_date(pair),
            Rule::instant => self.instant(pair),
            Rule::boolean => Literal::Bool(pair.as_str().eq_ignore_ascii_case("true")),
            _ => return None,
        })
    }

    /// The place of `(…)` includes the parentheses, so that a repair can quote it.
    fn paren(&mut self, pair: &Pair<'_>, span: Span) -> Option<Expr> {
        let inside = self.expr(&child(pair, Rule::expr)?)?;
        Some(Spanned { node: inside.node, span })
    }

    fn exprs(&mut self, pair: &Pair<'_>) -> Option<Vec<Expr>> {
        inner(pair).filter(|item| item.as_rule() == Rule::expr).map(|item| self.expr(&item)).collect()
    }

    fn path(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        if let Some(arguments) = child(pair, Rule::arguments) {
            let name = self.name(&child(pair, Rule::name)?);
            return Some(ExprKind::Call { name, arguments: self.exprs(&arguments)? });
        }
        let names: Vec<Name> = inner(pair).map(|part| self.name(&part)).collect();
        Some(ExprKind::Path(names))
    }

    fn at_least(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let count = self.int(&child(pair, Rule::int)?);
        Some(ExprKind::AtLeast { count, of: self.exprs(pair)? })
    }

    fn time_since(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let operand = inner(pair).next_back()?;
        Some(ExprKind::TimeSince(Box::new(self.primary(&operand)?)))
    }

    /// `25% of cart_value`
    fn share(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let amount = child(pair, Rule::amount)?;
        let digits = amount.as_str().chars().filter(|c| *c != '_').collect();
        let percent = Spanned { node: digits, span: self.span(&amount) };
        let of = self.primary(&inner(pair).next_back()?)?;
        Some(ExprKind::Share { percent, of: Box::new(of) })
    }

    fn in_segment(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let negated = negated(&child(pair, Rule::in_segment_op)?);
        Some(ExprKind::InSegment { negated, segment: self.name(&child(pair, Rule::name)?) })
    }

    fn between(&mut self, pair: &Pair<'_>) -> Option<Wrap> {
        let negated = negated(&child(pair, Rule::between_op)?);
        let mut bounds = inner(pair).filter(|item| item.as_rule() == Rule::arith);
        let (low, high) = (bounds.next()?, bounds.next()?);
        Some(Wrap::Between { negated, low: Box::new(self.expr(&low)?), high: Box::new(self.expr(&high)?) })
    }

    fn is(&mut self, pair: &Pair<'_>) -> Option<Wrap> {
        let mut parts = inner(pair);
        let op = parts.next()?;
        let negated = op.as_str().len() > 2;
        let what = parts.next()?;
        let what = match what.as_rule() {
            Rule::is_state => is_state(what.as_str()),
            Rule::is_older => Is::OlderThan(self.duration(&child(&what, Rule::quantity)?, "older than")),
            Rule::is_relative => self.is_relative(&what)?,
            Rule::window => Is::Window(self.window(&what)?),
            Rule::is_null => {
                let span = self.span(&what);
                self.report(repair::null(span, what.as_str()));
                Is::Missing
            }
            _ => {
                let place = self.span(&op);
                let value = self.span(&what);
                let diagnostic = repair::is_value(place, negated, value, self.slice(value));
                self.report(diagnostic);
                let right = Box::new(self.expr(&child(&what, Rule::arith)?)?);
                let op = if negated { CompareOp::NotEqual } else { CompareOp::Equal };
                return Some(Wrap::Compare { op, right });
            }
        };
        Some(Wrap::Is { negated, what })
    }

    fn is_relative(&mut self, pair: &Pair<'_>) -> Option<Is> {
        let relation = child(pair, Rule::relation)?.as_str().to_ascii_lowercase();
        let right = Box::new(self.expr(&child(pair, Rule::arith)?)?);
        Some(match relation.as_str() {
            "before" => Is::Before(right),
            "after" => Is::After(right),
            "on" => Is::On(right),
            longer if longer.ends_with("before") => Is::OnOrBefore(right),
            _ => Is::OnOrAfter(right),
        })
    }
}

pub(super) fn compare_op(text: &str) -> CompareOp {
    match text {
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessOrEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterOrEqual,
        _ => CompareOp::Equal,
    }
}

fn is_state(word: &str) -> Is {
    match word.to_ascii_lowercase().as_str() {
        "missing" => Is::Missing,
        "known" => Is::Known,
        "empty" => Is::Empty,
        "granted" => Is::Granted,
        _ => Is::Denied,
    }
}

fn starts_with(pair: &Pair<'_>, word: &str) -> bool {
    pair.as_str().get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

fn negated(pair: &Pair<'_>) -> bool {
    starts_with(pair, "not")
}

/// The quantifier of `contains any of`: the second word, whatever stands between the two.
fn contained(pair: &Pair<'_>) -> Quantifier {
    let mut words = crate::syntax::scan::Scanner::new(pair.as_str()).skip(1);
    match words.next() {
        Some(word) if word.is_word("any") => Quantifier::Any,
        Some(word) if word.is_word("all") => Quantifier::All,
        _ => Quantifier::None,
    }
}

fn text_op(pair: &Pair<'_>) -> Infix {
    let negated = starts_with(pair, "does");
    let skip = if negated { 2 } else { 0 };
    let verb = crate::syntax::scan::Scanner::new(pair.as_str()).nth(skip);
    let verb = verb.map(|word| word.text.to_ascii_lowercase()).unwrap_or_default();
    let op = match verb.as_str() {
        "starts" | "start" => TextOp::StartsWith,
        "ends" | "end" => TextOp::EndsWith,
        "matches" | "match" => TextOp::Matches,
        _ => TextOp::Contains,
    };
    Infix::Text { op, negated }
}
