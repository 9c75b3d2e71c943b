//! Expressions: operands and the flat list of what stands between them.

use super::climb::{Climber, Infix, Prefix, Wrap};
use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use super::repair;
use crate::diagnostic::Span;
use crate::syntax::ast::{
    ArithmeticOp, CompareOp, End, Expr, ExprKind, Is, Literal, Name, Quantifier, Spanned, TextOp,
};

impl Lower<'_> {
    /// An `expr` or `arith`.
    ///
    /// Each nested bracket comes back here, so what lies between is kept in small functions: in a debug build a
    /// function needs stack for all its branches at once.
    pub fn expr(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        self.mixed(pair);
        let mut climber = Climber::default();
        for item in inner(pair) {
            match item.as_rule() {
                Rule::is | Rule::between | Rule::in_list | Rule::then_tail => self.predicate(&item, &mut climber)?,
                Rule::text | Rule::quantity | Rule::paren | Rule::path => self.operand(&item, &mut climber)?,
                _ if self.operator(&item, &mut climber) => {}
                _ => self.operand(&item, &mut climber)?,
            }
        }
        climber.finish(self)
    }

    /// An expression on the heap.
    pub fn boxed(&mut self, pair: &Pair<'_>) -> Option<Box<Expr>> {
        self.expr(pair).map(Box::new)
    }

    /// The first `expr` below a pair, on the heap.
    pub fn boxed_child(&mut self, pair: &Pair<'_>) -> Option<Box<Expr>> {
        self.boxed(&child(pair, Rule::expr)?)
    }

    /// Whether the item is an operator, which the climber then has.
    fn operator(&mut self, item: &Pair<'_>, climber: &mut Climber) -> bool {
        let span = self.span(item);
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
            Rule::in_op => climber.infix(Infix::In { negated: negated(item) }, span, self),
            Rule::contains_of => climber.infix(Infix::ContainsOf(contained(item)), span, self),
            Rule::text_op => climber.infix(text_op(item), span, self),
            Rule::or_missing => climber.wrap(Wrap::OrMissing, span, self),
            Rule::ignoring_case => climber.wrap(Wrap::IgnoringCase, span, self),
            _ => return false,
        }
        true
    }

    fn operand(&mut self, item: &Pair<'_>, climber: &mut Climber) -> Option<()> {
        climber.operand(self.primary(item)?);
        Some(())
    }

    fn predicate(&mut self, item: &Pair<'_>, climber: &mut Climber) -> Option<()> {
        let span = self.span(item);
        let wrap = match item.as_rule() {
            Rule::is => self.is(item),
            Rule::then_tail => {
                let then = self.then_tail(item)?;
                climber.then(then, span, self);
                return Some(());
            }
            Rule::in_list => self.in_list(item).map(|(negated, list)| Wrap::InList { negated, list }),
            _ => self.between(item),
        };
        climber.wrap(wrap?, span, self);
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

    /// An operand.
    pub fn primary(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        if pair.as_rule() == Rule::paren {
            return self.paren(pair);
        }
        let span = self.span(pair);
        self.primary_kind(pair).map(|node| Spanned { node, span })
    }

    fn primary_kind(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        match pair.as_rule() {
            Rule::path => self.path(pair),
            Rule::list => self.list(pair),
            Rule::now => Some(ExprKind::Now),
            Rule::today => Some(ExprKind::Today),
            Rule::aggregate => self.aggregate(pair),
            Rule::quantified => self.quantified(pair),
            Rule::all_have => self.all_have(pair),
            Rule::edge => self.edge(pair),
            Rule::habit => self.habit(pair),
            Rule::first_step => self.first_step(pair),
            Rule::pinned => self.pinned(pair),
            Rule::at_least => self.at_least(pair),
            Rule::time_since => self.time_since(pair),
            Rule::anniversary => self.anniversary(pair),
            Rule::share => self.share(pair),
            Rule::top => self.top(pair),
            Rule::in_segment => self.in_segment(pair),
            Rule::on_list => {
                self.in_list(pair).map(|(negated, list)| ExprKind::InList { negated, subject: None, list })
            }
            _ => self.literal(pair).map(ExprKind::Literal),
        }
    }

    fn literal(&mut self, pair: &Pair<'_>) -> Option<Literal> {
        Some(match pair.as_rule() {
            Rule::text => Literal::Text(self.text(pair).node),
            Rule::foreign_text => self.foreign_text(pair),
            Rule::quantity => self.quantity(pair),
            Rule::date => self.date(pair),
            Rule::bad_date => self.bad_date(pair),
            Rule::instant => self.instant(pair),
            Rule::clock => self.clock(pair),
            Rule::boolean => Literal::Bool(pair.as_str().eq_ignore_ascii_case("true")),
            _ => return None,
        })
    }

    /// The place of `(…)` includes the parentheses, so that a repair can quote it.
    fn paren(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        let mut inside = self.expr(&child(pair, Rule::expr)?)?;
        inside.span = self.span(pair);
        Some(inside)
    }

    fn list(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        self.exprs(pair).map(ExprKind::List)
    }

    pub(super) fn exprs(&mut self, pair: &Pair<'_>) -> Option<Vec<Expr>> {
        let mut all = Vec::new();
        for item in inner(pair) {
            match item.as_rule() {
                Rule::expr => all.push(self.expr(&item)?),
                // A name that nothing has, unless a sequence begins so.
                Rule::kw_any => {
                    let any = self.name(&item);
                    all.push(Spanned { span: any.span, node: ExprKind::Path(vec![any]) });
                }
                _ => {}
            }
        }
        Some(all)
    }

    fn path(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        if let Some(arguments) = child(pair, Rule::arguments) {
            return self.call(pair, &arguments);
        }
        let names = inner(pair).filter(|part| part.as_rule() != Rule::key).map(|part| self.name(&part)).collect();
        Some(match child(pair, Rule::key) {
            Some(key) => ExprKind::Item { of: names, key: self.text(&child(&key, Rule::text)?) },
            None => ExprKind::Path(names),
        })
    }

    fn call(&mut self, pair: &Pair<'_>, arguments: &Pair<'_>) -> Option<ExprKind> {
        let name = self.name(&child(pair, Rule::name)?);
        let call = ExprKind::Call { name, arguments: self.exprs(arguments)? };
        Some(match child(pair, Rule::descending) {
            Some(_) => {
                let span = self.span(pair);
                let called = Span { end: self.span(arguments).end, ..span };
                ExprKind::Descending(Box::new(Spanned { node: call, span: called }))
            }
            None => call,
        })
    }

    fn at_least(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let count = self.int(&child(pair, Rule::int)?);
        Some(ExprKind::AtLeast { count, of: self.exprs(pair)? })
    }

    fn time_since(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let operand = inner(pair).next_back()?;
        self.primary(&operand).map(Box::new).map(ExprKind::TimeSince)
    }

    fn anniversary(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let operand = inner(pair).next_back()?;
        self.primary(&operand).map(Box::new).map(ExprKind::Anniversary)
    }

    /// `25% of cart_value`
    fn share(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let amount = child(pair, Rule::amount)?;
        let digits = amount.as_str().chars().filter(|c| *c != '_').collect();
        let percent = Spanned { node: digits, span: self.span(&amount) };
        let of = self.primary(&inner(pair).next_back()?)?;
        Some(ExprKind::Share { percent, of: Box::new(of) })
    }

    /// `top 10% by clv`
    fn top(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let bottom = starts_with(&child(pair, Rule::top_op)?, "bottom");
        let written = child(pair, Rule::amount)?;
        let digits: String = written.as_str().chars().filter(|c| *c != '_').collect();
        let (node, span) = match child(pair, Rule::percent) {
            Some(percent) => (Literal::Percent(digits), self.span(&written).to(self.span(&percent))),
            None => (Literal::Number(digits), self.span(&written)),
        };
        let by = self.primary(&inner(pair).next_back()?)?;
        let end = if bottom { End::Bottom } else { End::Top };
        Some(ExprKind::Top { end, amount: Spanned { node, span }, by: Box::new(by) })
    }

    pub(super) fn in_segment(&mut self, pair: &Pair<'_>) -> Option<ExprKind> {
        let negated = negated(&child(pair, Rule::in_segment_op)?);
        Some(ExprKind::InSegment { negated, segment: self.name(&child(pair, Rule::name)?) })
    }

    fn in_list(&mut self, pair: &Pair<'_>) -> Option<(bool, Name)> {
        let negated = negated(&child(pair, Rule::in_list_op)?);
        if let Some(name) = child(pair, Rule::name) {
            return Some((negated, self.name(&name)));
        }
        let list = self.text(&child(pair, Rule::text)?);
        let diagnostic = repair::quoted_list(&list);
        self.report(diagnostic);
        Some((negated, list))
    }

    fn between(&mut self, pair: &Pair<'_>) -> Option<Wrap> {
        let negated = negated(&child(pair, Rule::between_op)?);
        let mut bounds = inner(pair).filter(|item| item.as_rule() == Rule::arith);
        let (low, high) = (bounds.next()?, bounds.next()?);
        Some(Wrap::Between { negated, low: self.boxed(&low)?, high: self.boxed(&high)? })
    }

    fn is(&mut self, pair: &Pair<'_>) -> Option<Wrap> {
        let mut parts = inner(pair);
        let (op, what) = (parts.next()?, parts.next()?);
        if what.as_rule() == Rule::is_value {
            return self.is_value(&op, &what);
        }
        let negated = op.as_str().len() > 2;
        if what.as_rule() == Rule::is_null {
            let (op, what_at) = (self.span(&op), self.span(&what));
            self.report(repair::null(op, negated, what_at, what.as_str()));
            return Some(Wrap::Is { negated, what: Is::Missing });
        }
        self.is_what(&what).map(|what| Wrap::Is { negated, what })
    }

    fn is_what(&mut self, what: &Pair<'_>) -> Option<Is> {
        match what.as_rule() {
            Rule::is_state => Some(is_state(what.as_str())),
            Rule::is_older => self.is_older(what),
            Rule::is_relative => self.is_relative(what),
            Rule::is_near => self.is_near(what),
            Rule::is_inside => self.is_inside(what),
            _ => self.window(what).map(Is::Window),
        }
    }

    fn is_older(&mut self, what: &Pair<'_>) -> Option<Is> {
        let age = child(what, Rule::quantity)?;
        Some(Is::OlderThan(self.duration(&age, "older than")))
    }

    fn is_near(&mut self, what: &Pair<'_>) -> Option<Is> {
        let distance = self.length(&child(what, Rule::length)?)?;
        Some(Is::Near { distance, of: self.boxed(&child(what, Rule::arith)?)? })
    }

    fn is_inside(&mut self, what: &Pair<'_>) -> Option<Is> {
        if let Some(text) = child(what, Rule::text) {
            return Some(Is::Inside(self.text(&text)));
        }
        let region = self.name(&child(what, Rule::name)?);
        self.report(repair::bare_region(&region));
        Some(Is::Inside(region))
    }

    /// `x is "FR"`: read as `=`.
    fn is_value(&mut self, op: &Pair<'_>, what: &Pair<'_>) -> Option<Wrap> {
        let negated = op.as_str().len() > 2;
        let value = self.span(what);
        let diagnostic = repair::is_value(self.span(op), negated, value, self.slice(value));
        self.report(diagnostic);
        let right = self.boxed(&child(what, Rule::arith)?)?;
        let op = if negated { CompareOp::NotEqual } else { CompareOp::Equal };
        Some(Wrap::Compare { op, right })
    }

    fn is_relative(&mut self, pair: &Pair<'_>) -> Option<Is> {
        let relation = child(pair, Rule::relation)?.as_str().to_ascii_lowercase();
        let right = self.boxed(&child(pair, Rule::arith)?)?;
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
    let does_not = starts_with(pair, "does");
    let negated = does_not || starts_with(pair, "not");
    let skip = usize::from(does_not) + usize::from(negated);
    let verb = crate::syntax::scan::Scanner::new(pair.as_str()).nth(skip);
    let verb = verb.map(|word| word.text.to_ascii_lowercase()).unwrap_or_default();
    let op = match verb.as_str() {
        "starts" | "start" => TextOp::StartsWith,
        "ends" | "end" => TextOp::EndsWith,
        "matches" | "match" => TextOp::Matches,
        "like" => TextOp::Like,
        _ => TextOp::Contains,
    };
    Infix::Text { op, negated }
}
