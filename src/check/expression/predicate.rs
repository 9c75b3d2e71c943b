//! Predicates: on text and lists, `is …`, `ignoring case`, `or missing`.

use super::Checker;
use crate::check::tree::{Constant, Expr, Kind, Place, TextOp, Window};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Lint, Span};
use crate::leaf::like::{self, Sign};
use crate::schema::Type;
use crate::syntax::ast::{self, AggregateFunction, CompareOp, ExprKind, Is, Literal, Quantifier};

impl Checker<'_> {
    pub(super) fn text(&mut self, op: TextOp, subject: &ast::Expr, needle: &ast::Expr, span: Span) -> Option<Expr> {
        let subject = self.value(subject, None);
        if let (Some(Expr { ty: Type::List(_), .. }), TextOp::Contains) = (&subject, op) {
            return self.contains(Quantifier::Any, subject?, std::slice::from_ref(needle), span);
        }
        let (subject, needle_text) = (subject?, self.needle(needle)?);
        let ignoring_case = self.ignores_case(&subject);
        match (&subject.ty, op) {
            (Type::Texts, TextOp::Contains) => {
                let kind = Kind::Contains {
                    quantifier: Quantifier::Any,
                    subject: Box::new(subject),
                    items: vec![Constant::Text(needle_text.into())],
                    ignoring_case,
                };
                return Some(Expr { kind, ty: Type::Bool, span });
            }
            (Type::Text, _) => {}
            (other, _) => {
                let help = match other {
                    Type::Enum(_) => "compare it with `=`, or with `in [ … ]`",
                    Type::Texts => "ask whether the list `contains` a text",
                    Type::List(_) => "ask whether the list `contains` something",
                    Type::Map(_) => "ask for the value of a key, as in `x[\"key\"]`",
                    _ => "only text can be searched",
                };
                let error = Diagnostic::error(Code::TypeMismatch, subject.span, "a text is needed here");
                return self.fail(error.label(words::this_is(other)).help(help));
            }
        }
        if op == TextOp::Matches
            && let Err(problem) = crate::leaf::regex(&needle_text, false, self.world.regex_size)
        {
            return self.fail(match problem {
                regex::Error::CompiledTooBig(most) => {
                    let message =
                        format!("this pattern is too large: at most {most} bytes are allowed when it is compiled");
                    Diagnostic::exceeded(message, needle.span, "repeat less in it", "regex_size")
                }
                other => Diagnostic::error(Code::BadRegex, needle.span, "this pattern cannot be read")
                    .label(pattern_problem(&other.to_string())),
            });
        }
        if op == TextOp::Like {
            self.wildcards(&needle_text, needle.span, span)?;
        }
        let kind = Kind::Text { op, subject: Box::new(subject), needle: needle_text, ignoring_case };
        Some(Expr { kind, ty: Type::Bool, span })
    }

    /// What is odd about a pattern of `like`; `None` where it cannot be read.
    fn wildcards(&mut self, pattern: &str, at: Span, whole: Span) -> Option<()> {
        let Ok(signs) = like::signs(pattern) else {
            return self.fail(
                Diagnostic::error(Code::BadRegex, at, "this pattern cannot be read")
                    .label("a backslash stands before something other than `%`, `_` and a backslash")
                    .help("for a backslash itself, write four of them: `\\\\\\\\`"),
            );
        };
        if signs == [Sign::Run] {
            self.out.push(
                Diagnostic::warning(Lint::ConstantComparison, whole, "every text is like this")
                    .label("it holds wherever the text is known")
                    .help("ask whether it `is known`"),
            );
        } else if !signs.iter().any(|sign| matches!(sign, Sign::Run | Sign::One)) {
            let help = match pattern.contains(['*', '?']) {
                true => "`%` stands for any characters, `_` for one",
                false => "write `=`, or put a `%` where anything may stand",
            };
            self.out.push(
                Diagnostic::warning(Lint::NoWildcard, at, "a pattern without `%` and `_` fits one text only")
                    .label("this means the same as `=`")
                    .help(help),
            );
        }
        Some(())
    }

    /// A text literal that is not empty.
    fn needle(&mut self, needle: &ast::Expr) -> Option<String> {
        match &needle.node {
            ExprKind::Literal(Literal::Text(text)) if !text.is_empty() => Some(text.clone()),
            ExprKind::Literal(Literal::Text(_)) => self.fail(
                Diagnostic::error(Code::EmptyText, needle.span, "an empty text is found in every text")
                    .label("what should be looked for?"),
            ),
            _ => self.fail(
                Diagnostic::error(Code::TypeMismatch, needle.span, "a text in quotes is needed here")
                    .label("only a fixed text can be looked for"),
            ),
        }
    }

    pub(super) fn contains_of(
        &mut self,
        quantifier: Quantifier,
        subject: &ast::Expr,
        items: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let subject = self.value(subject, None);
        let ExprKind::List(list) = &items.node else {
            return self.fail(
                Diagnostic::error(Code::TypeMismatch, items.span, "a list in brackets is needed here")
                    .help("write `contains any of [\"a\", \"b\"]`"),
            );
        };
        if list.is_empty() {
            return self.fail(
                Diagnostic::error(Code::EmptyList, items.span, "an empty list asks for nothing")
                    .label("no values")
                    .help("write the values: `[\"a\", \"b\"]`"),
            );
        }
        self.contains(quantifier, subject?, list, span)
    }

    /// A list of the customer's against fixed values.
    fn contains(&mut self, quantifier: Quantifier, subject: Expr, list: &[ast::Expr], span: Span) -> Option<Expr> {
        let held = match &subject.ty {
            Type::List(held) => (**held).clone(),
            Type::Texts => Type::Text,
            other => {
                let error = Diagnostic::error(Code::TypeMismatch, subject.span, "a list is needed here")
                    .label(words::this_is(other));
                return self.fail(match other {
                    Type::Map(_) => error.help("ask for the value of a key, as in `x[\"key\"]`"),
                    _ => error.help("for a single value, write `in [ … ]`"),
                });
            }
        };
        // All are checked before any failure counts, so that all problems are told at once.
        let items: Vec<Option<Constant>> = list.iter().map(|item| self.item(item, &held, &subject.ty)).collect();
        let items = items.into_iter().collect::<Option<Vec<Constant>>>()?;
        let ignoring_case = self.ignores_case(&subject);
        let kind = Kind::Contains { quantifier, subject: Box::new(subject), items, ignoring_case };
        Some(Expr { kind, ty: Type::Bool, span })
    }

    /// A fixed value that a list may hold.
    fn item(&mut self, item: &ast::Expr, held: &Type, of: &Type) -> Option<Constant> {
        if let (Type::Text, false) = (held, matches!(item.node, ExprKind::Literal(Literal::Text(_)))) {
            return self.fail(Diagnostic::error(
                Code::TypeMismatch,
                item.span,
                "only texts in quotes can stand in this list",
            ));
        }
        let checked = self.value(item, Some(held))?;
        match checked.kind {
            Kind::Constant(constant) if checked.ty == *held => Some(constant),
            Kind::Constant(_) => {
                let message = format!("{} holds no such value", words::a(of));
                let error = Diagnostic::error(Code::TypeMismatch, item.span, message);
                self.fail(error.label(words::this_is(&checked.ty)))
            }
            _ => self.fail(
                Diagnostic::error(Code::TypeMismatch, item.span, "only a fixed value can be looked for")
                    .label(words::this_is(&checked.ty)),
            ),
        }
    }

    pub(super) fn ignoring_case(&mut self, inner: &ast::Expr, span: Span) -> Option<Expr> {
        let mut checked = self.value(inner, None)?;
        checked.span = span;
        if set_ignoring_case(&mut checked.kind) {
            return Some(checked);
        }
        self.fail(
            Diagnostic::error(
                Code::MisplacedIgnoringCase,
                inner.span,
                "`ignoring case` must follow a comparison of texts",
            )
            .label("this does not compare texts")
            .help("leave out `ignoring case`"),
        )
    }

    /// `c or missing`: c, or any value that it reads is missing.
    pub(super) fn or_missing(&mut self, inner: &ast::Expr, span: Span) -> Option<Expr> {
        let inner = self.condition(inner)?;
        let mut read = Vec::new();
        self.missable(&inner, &mut read);
        if read.is_empty() {
            self.out.push(
                Diagnostic::warning(Lint::ConstantComparison, span, "nothing here can be missing")
                    .label("`or missing` changes nothing"),
            );
            return Some(inner);
        }
        let missing = read.into_iter().map(|value| Expr {
            span: value.span,
            ty: Type::Bool,
            kind: Kind::IsMissing(Box::new(value)),
        });
        let any: Vec<Expr> = std::iter::once(inner.clone()).chain(missing).collect();
        Some(Expr { kind: Kind::Or(any), ty: Type::Bool, span })
    }

    /// The values that an expression reads and that may be missing, each once.
    fn missable(&self, expr: &Expr, read: &mut Vec<Expr>) {
        let optional = match &expr.kind {
            Kind::Attribute(place, index) => {
                *place == Place::Context || self.attribute_at(*place, *index).is_none_or(|attribute| attribute.optional)
            }
            Kind::Definition(_) => expr.ty != Type::Bool && !self.world.is_count(expr),
            Kind::Version { .. } | Kind::Point(..) => true,
            // Missing also where anything that it is given is.
            Kind::Call { .. } => true,
            Kind::Item { .. } | Kind::Edge { .. } | Kind::Lifecycle { .. } | Kind::Standing { .. } => true,
            Kind::Aggregate { function, .. } => !matches!(function, AggregateFunction::Count | AggregateFunction::Sum),
            _ => false,
        };
        if optional && !read.iter().any(|seen| seen.kind == expr.kind) {
            read.push(expr.clone());
        }
        if let Some(known) = self.list_missing(expr)
            && !read.iter().any(|seen| seen.kind == known.kind)
        {
            read.push(known);
        }
        // Without the moment that a window is counted from, nothing is known of what lies in it.
        let window = crate::check::walk::clause(expr).and_then(|clause| clause.window.as_ref());
        if let Some(anchor) = window.and_then(Window::anchor) {
            self.missable(anchor, read);
        }
        match &expr.kind {
            Kind::Not(inner)
            | Kind::IsEmpty(inner)
            | Kind::TimeSince(inner)
            | Kind::Age(inner)
            | Kind::Anniversary(inner)
            | Kind::Length(inner)
            | Kind::Version { of: inner, .. }
            | Kind::ToNumber(inner)
            | Kind::Logistic(inner) => self.missable(inner, read),
            Kind::Part { of, .. } | Kind::Share { of, .. } | Kind::Standing { by: of, .. } => self.missable(of, read),
            Kind::And(all) | Kind::Or(all) | Kind::AtLeast { of: all, .. } => {
                all.iter().for_each(|inner| self.missable(inner, read));
            }
            Kind::Compare { left, right, .. }
            | Kind::Arithmetic { left, right, .. }
            | Kind::Point(left, right)
            | Kind::Distance(left, right) => {
                self.missable(left, read);
                self.missable(right, read);
            }
            Kind::Between { subject, low, high } => {
                [subject, low, high].into_iter().for_each(|inner| self.missable(inner, read));
            }
            Kind::Day { subject, other, .. } => {
                self.missable(subject, read);
                self.missable(other, read);
            }
            Kind::In { subject, .. }
            | Kind::Text { subject, .. }
            | Kind::Contains { subject, .. }
            | Kind::Inside { subject, .. }
            | Kind::OlderThan { subject, .. }
            | Kind::InWindow { subject, .. } => self.missable(subject, read),
            _ => {}
        }
    }

    pub(super) fn is(&mut self, subject: &ast::Expr, what: &Is, span: Span) -> Option<Expr> {
        let bool = |kind| Some(Expr { kind, ty: Type::Bool, span });
        if let Some(asked) = self.list_itself(subject, what, span) {
            return Some(asked);
        }
        match what {
            Is::Granted => self.consent(subject, true, span),
            Is::Denied => self.consent(subject, false, span),
            Is::Missing | Is::Known => {
                let value = self.value(subject, None)?;
                let readable = value.ty != Type::Bool
                    || matches!(
                        value.kind,
                        Kind::Attribute(..) | Kind::Item { .. } | Kind::Edge { .. } | Kind::Call { .. }
                    );
                if !readable {
                    return self.fail(
                        Diagnostic::error(Code::TypeMismatch, value.span, "a condition is never missing")
                            .label("it holds or does not hold"),
                    );
                }
                let missing = Expr { kind: Kind::IsMissing(Box::new(value)), ty: Type::Bool, span };
                Some(super::not_if(*what == Is::Known, missing))
            }
            Is::Empty => {
                let value = self.value(subject, None)?;
                if value.ty != Type::Text && !value.ty.is_collection() {
                    return self.fail(
                        Diagnostic::error(Code::TypeMismatch, value.span, "only texts, lists and maps can be empty")
                            .label(words::this_is(&value.ty))
                            .help("ask whether it `is missing`"),
                    );
                }
                bool(Kind::IsEmpty(Box::new(value)))
            }
            Is::Near { distance, of } => self.near(subject, distance, of, span),
            Is::Inside(region) => self.inside(subject, region, span),
            Is::OlderThan(period) => self.older_than(subject, period, span),
            Is::Before(other) => self.day(crate::check::tree::DayRelation::Before, subject, other, span),
            Is::After(other) => self.day(crate::check::tree::DayRelation::After, subject, other, span),
            Is::On(other) => self.day(crate::check::tree::DayRelation::On, subject, other, span),
            Is::OnOrBefore(other) => self.day(crate::check::tree::DayRelation::OnOrBefore, subject, other, span),
            Is::OnOrAfter(other) => self.day(crate::check::tree::DayRelation::OnOrAfter, subject, other, span),
            Is::Window(window) => self.in_window(subject, window, span),
        }
    }

    fn consent(&mut self, subject: &ast::Expr, granted: bool, span: Span) -> Option<Expr> {
        let path = match &subject.node {
            ExprKind::Path(path) => path.as_slice(),
            _ => &[],
        };
        let [scope, channel, purpose] = path else {
            return self.fail(
                Diagnostic::error(Code::TypeMismatch, subject.span, "only a consent is granted or denied")
                    .label("a consent has a channel and a purpose")
                    .help("write `consent.email.marketing is granted`"),
            );
        };
        if scope.node != "consent" {
            return self.fail(
                Diagnostic::error(Code::UnknownName, scope.span, "a consent begins with `consent`")
                    .suggest(scope.span, "consent"),
            );
        }
        if !self.world.shape.consents {
            return self.fail(
                Diagnostic::error(Code::MissingSetting, subject.span, "the program's customer has no consents")
                    .label("nothing could ever be granted"),
            );
        }
        let (channel, purpose) = (channel.node.clone(), purpose.node.clone());
        Some(Expr { kind: Kind::Consent { channel, purpose, granted }, ty: Type::Bool, span })
    }
}

/// What is wrong with a pattern, without the words of those who make them.
fn pattern_problem(problem: &str) -> String {
    let last = problem.lines().last().unwrap_or_default().trim_start_matches("error: ");
    let plain = match last {
        "unclosed group" => "a `(` is never closed",
        "unopened group" => "a `)` closes nothing",
        "unclosed character class" => "a `[` is never closed",
        "repetition operator missing expression" => {
            "before `*`, `+`, `?` or `{…}` nothing stands that could be repeated"
        }
        "unrecognized escape sequence" => "a backslash stands before a letter that has no meaning after it",
        "backreferences are not supported" => "`\\1` and its like are not supported",
        other if other.starts_with("look-around") => "`(?=…)`, `(?!…)` and their like are not supported",
        other => other,
    };
    plain.to_owned()
}

/// Marks the comparisons of text in an expression; `false` where there are none.
fn set_ignoring_case(kind: &mut Kind) -> bool {
    match kind {
        Kind::Not(inner) => set_ignoring_case(&mut inner.kind),
        Kind::Compare { op: CompareOp::Equal | CompareOp::NotEqual, left, ignoring_case, .. }
            if left.ty == Type::Text =>
        {
            *ignoring_case = true;
            true
        }
        Kind::In { subject, ignoring_case, .. } if subject.ty == Type::Text => {
            *ignoring_case = true;
            true
        }
        Kind::Contains { subject, .. } if subject.ty != Type::Texts => false,
        Kind::Text { ignoring_case, .. } | Kind::Contains { ignoring_case, .. } => {
            *ignoring_case = true;
            true
        }
        _ => false,
    }
}
