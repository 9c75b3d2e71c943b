//! Comparisons: `=` and its kin, `between`, `in`.

use super::{Checker, literal, not_if, words};
use crate::check::tree::{Constant, Expr, Kind};
use crate::diagnostic::{Code, Diagnostic, Lint, Span};
use crate::schema::Type;
use crate::syntax::ast::{self, CompareOp, ExprKind, Literal};
use crate::syntax::printer::print_expr;

impl Checker<'_> {
    pub(super) fn compare(&mut self, op: CompareOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Option<Expr> {
        if let Some(bucket) = self.bucket(op, left, right, span) {
            return bucket;
        }
        let (left, right) = self.pair(left, right, None, |other| Some(other.clone()))?;
        self.comparison(op, left, right, span)
    }

    /// A comparison of two checked sides.
    pub(in crate::check) fn comparison(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Option<Expr> {
        if !left.ty.agrees(&right.ty) {
            let error = self.mismatch(&left, &right, "compared");
            return self.fail(error);
        }
        let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if !equality && !left.ty.is_ordered() {
            return self.fail(
                Diagnostic::error(Code::TypeMismatch, span, format!("{} has no order", words::a(&left.ty)))
                    .label("only `=` and `!=` compare it"),
            );
        }
        match left.ty {
            Type::Texts => {
                return self.fail(
                    Diagnostic::error(Code::TypeMismatch, span, "two lists cannot be compared")
                        .help("ask whether one `contains` something"),
                );
            }
            Type::Bool => {
                for side in [&left, &right] {
                    if !is_plain(side) {
                        let error = Diagnostic::error(Code::TypeMismatch, side.span, "a condition cannot be compared")
                            .label("it holds or does not hold by itself")
                            .help("write it alone, or with `not`");
                        return self.fail(error);
                    }
                }
            }
            Type::Duration => return self.since(op, left, right, span),
            Type::Number | Type::Percent if equality => self.out.push(
                Diagnostic::warning(Lint::NumberEquality, span, "numbers with decimals are seldom exactly equal")
                    .label("this holds only if every digit agrees")
                    .help("write `>=` or `<=`, or ask for a range with `between … and …`"),
            ),
            _ => {}
        }
        if let (Kind::Constant(_), Kind::Constant(_)) = (&left.kind, &right.kind) {
            self.out.push(
                Diagnostic::warning(Lint::ConstantComparison, span, "this comparison is the same for every customer")
                    .label("both sides are fixed"),
            );
        }
        let ignoring_case = self.ignores_case(&left) || self.ignores_case(&right);
        let (left, right) = (Box::new(left), Box::new(right));
        Some(Expr { kind: Kind::Compare { op, left, right, ignoring_case }, ty: Type::Bool, span })
    }

    /// Whether what an expression reads is declared `nocase`.
    pub(super) fn ignores_case(&self, expr: &Expr) -> bool {
        self.world.ignores_case(expr, self.row)
    }

    /// `time since x < 30 days`: the one thing that durations are compared for.
    fn since(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Option<Expr> {
        let constant = |e: &Expr| matches!(e.kind, Kind::Constant(Constant::Period(_)));
        let (op, left, right) = match (constant(&left), constant(&right)) {
            (false, true) => (op, left, right),
            (true, false) => (op.mirrored(), right, left),
            _ => {
                return self.fail(
                    Diagnostic::error(Code::TypeMismatch, span, "two amounts of time cannot be compared")
                        .label("compare `time since …` with a fixed amount such as `30 days`"),
                );
            }
        };
        let (left, right) = (Box::new(left), Box::new(right));
        Some(Expr { kind: Kind::Compare { op, left, right, ignoring_case: false }, ty: Type::Bool, span })
    }

    /// `bucket("salt") < 10%`, or the mirror image; `None` if this is no such comparison.
    fn bucket(&mut self, op: CompareOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Option<Option<Expr>> {
        let is_bucket = |e: &ast::Expr| matches!(&e.node, ExprKind::Call { name, .. } if name.node == "bucket");
        let (op, call, limit) = match (is_bucket(left), is_bucket(right)) {
            (true, _) => (op, left, right),
            (false, true) => (op.mirrored(), right, left),
            (false, false) => return None,
        };
        let ExprKind::Call { arguments, .. } = &call.node else { return None };
        let salt = match arguments.as_slice() {
            [ast::Expr { node: ExprKind::Literal(Literal::Text(salt)), .. }] => salt.clone(),
            _ => {
                return Some(
                    self.fail(
                        Diagnostic::error(Code::WrongArguments, call.span, "`bucket` needs one text")
                            .label("a name of your choice for the draw")
                            .help("write `bucket(\"spring test\") < 10%`"),
                    ),
                );
            }
        };
        let below = match (&limit.node, op) {
            (ExprKind::Literal(Literal::Percent(written)), CompareOp::Less | CompareOp::GreaterOrEqual) => {
                literal::bucket_limit(written)
            }
            _ => None,
        };
        let Some(below) = below else {
            return Some(
                self.fail(
                    Diagnostic::error(
                        Code::TypeMismatch,
                        span,
                        "a bucket is compared with `<` or `>=`, and with a percentage",
                    )
                    .label("from 0% to 100%")
                    .help("write `bucket(\"salt\") < 10%`"),
                ),
            );
        };
        if self.world.shape.id.is_none() {
            return Some(
                self.fail(
                    Diagnostic::error(Code::MissingSetting, call.span, "buckets need to know who the customer is")
                        .label("no attribute is the customer's id")
                        .help("declare it: `profile { number id … }`"),
                ),
            );
        }
        let inside = Expr { kind: Kind::Bucket { salt, below }, ty: Type::Bool, span };
        Some(Some(not_if(op == CompareOp::GreaterOrEqual, inside)))
    }

    pub(super) fn between(
        &mut self,
        subject: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let written = (low, high);
        let subject = self.value(subject, None);
        let expected = subject.as_ref().map(|s| s.ty.clone());
        let (low, high) = (self.value(low, expected.as_ref()), self.value(high, expected.as_ref()));
        let (subject, low, high) = (subject?, low?, high?);
        if subject.ty == Type::Duration {
            let reversed = matches!(
                (&low.kind, &high.kind),
                (Kind::Constant(Constant::Period(a)), Kind::Constant(Constant::Period(b)))
                    if a.cmp_approx(b).is_gt()
            );
            if reversed {
                return self.reversed(written);
            }
            let from = self.since(CompareOp::GreaterOrEqual, subject.clone(), low, span)?;
            let to = self.since(CompareOp::LessOrEqual, subject, high, span)?;
            return Some(Expr { kind: Kind::And(vec![from, to]), ty: Type::Bool, span });
        }
        for bound in [&low, &high] {
            if !subject.ty.agrees(&bound.ty) {
                let error = self.mismatch(&subject, bound, "compared");
                return self.fail(error);
            }
        }
        if !subject.ty.is_ordered() {
            return self.fail(
                Diagnostic::error(Code::TypeMismatch, subject.span, format!("{} has no order", words::a(&subject.ty)))
                    .label("nothing is between two of these"),
            );
        }
        if constants_reversed(&low.kind, &high.kind) {
            return self.reversed(written);
        }
        let (subject, low, high) = (Box::new(subject), Box::new(low), Box::new(high));
        Some(Expr { kind: Kind::Between { subject, low, high }, ty: Type::Bool, span })
    }

    fn reversed<T>(&mut self, (low, high): (&ast::Expr, &ast::Expr)) -> Option<T> {
        let span = low.span.to(high.span);
        let mended = format!("{} and {}", print_expr(high), print_expr(low));
        self.fail(
            Diagnostic::error(Code::ReversedBounds, span, "nothing lies between these")
                .label("the smaller one comes first")
                .help(format!("write `{mended}`"))
                .suggest(span, mended),
        )
    }

    pub(super) fn is_in(&mut self, subject: &ast::Expr, items: &ast::Expr, span: Span) -> Option<Expr> {
        let ExprKind::List(list) = &items.node else {
            _ = self.value(subject, None);
            let error = Diagnostic::error(Code::TypeMismatch, items.span, "`in` needs a list");
            let named = match &items.node {
                ExprKind::Path(path) => path.first().filter(|name| path.len() == 1 && self.world.lists.has(&name.node)),
                _ => None,
            };
            return self.fail(match named {
                Some(name) => error.label("this is the name of one").suggest(items.span, format!("list {}", name.node)),
                None => error.help(
                    "write `in [\"a\", \"b\"]`; for a list of the customer's, ask whether it `contains` something",
                ),
            });
        };
        self.one_of(subject, list, items.span, span)
    }

    /// Whether a value is one of some fixed ones.
    pub(super) fn one_of(
        &mut self,
        subject: &ast::Expr,
        list: &[ast::Expr],
        list_span: Span,
        span: Span,
    ) -> Option<Expr> {
        let subject = self.value(subject, None);
        let expected = subject.as_ref().map(|s| s.ty.clone());
        if list.is_empty() {
            return self.fail(
                Diagnostic::error(Code::EmptyList, list_span, "nothing is in an empty list")
                    .label("no values")
                    .help("write the values: `in [\"a\", \"b\"]`"),
            );
        }
        let checked: Vec<Option<Expr>> = list.iter().map(|item| self.value(item, expected.as_ref())).collect();
        let subject = subject?;
        if matches!(subject.ty, Type::Texts | Type::Duration | Type::Bool) {
            let message = format!("{} cannot be in a list", words::a(&subject.ty));
            let error = Diagnostic::error(Code::TypeMismatch, subject.span, message).label("a single value is needed");
            return self.fail(match subject.ty {
                Type::Texts => error.help("write `contains any of [ … ]`"),
                _ => error,
            });
        }
        let mut constants = Vec::new();
        for item in checked {
            let item = item?;
            if !subject.ty.agrees(&item.ty) {
                let error = self.mismatch(&subject, &item, "compared");
                return self.fail(error);
            }
            match item.kind {
                Kind::Constant(constant) => constants.push(constant),
                _ => {
                    return self.fail(
                        Diagnostic::error(Code::TypeMismatch, item.span, "a list holds fixed values only")
                            .help("compare with `=` and join with `or`"),
                    );
                }
            }
        }
        let ignoring_case = self.ignores_case(&subject);
        let kind = Kind::In { subject: Box::new(subject), items: constants, ignoring_case };
        Some(Expr { kind, ty: Type::Bool, span })
    }
}

/// Whether a bool is held as a value that can be compared.
fn is_plain(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Constant(_) | Kind::Attribute(..) | Kind::Definition(_) | Kind::Edge { .. })
}

fn constants_reversed(low: &Kind, high: &Kind) -> bool {
    let (Kind::Constant(low), Kind::Constant(high)) = (low, high) else { return false };
    match (low, high) {
        (Constant::Int(a), Constant::Int(b)) | (Constant::Money(a), Constant::Money(b)) => a > b,
        (Constant::Number(a), Constant::Number(b)) => a > b,
        (Constant::Date(a), Constant::Date(b)) => a > b,
        (Constant::Instant(a), Constant::Instant(b)) => a > b,
        _ => false,
    }
}
