//! Versions of programs.

use super::Checker;
use crate::check::tree::{Constant, Expr, Kind};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::leaf::version::{Reading, Version};
use crate::schema::Type;
use crate::syntax::ast::{self, ExprKind, Literal};

impl Checker<'_> {
    /// `version(…)` and `lenient_version(…)` of a text.
    pub(super) fn version(&mut self, reading: Reading, of: &ast::Expr, span: Span) -> Option<Expr> {
        if let ExprKind::Literal(Literal::Text(text)) = &of.node {
            return self.version_literal(text, reading, of.span).map(|constant| Expr { span, ..constant });
        }
        let of = self.value(of, None)?;
        match of.ty {
            Type::Text => Some(Expr { kind: Kind::Version { reading, of: Box::new(of) }, ty: Type::Version, span }),
            Type::Version => self.fail(
                Diagnostic::error(Code::TypeMismatch, span, "this is a version already")
                    .label("it can be compared as it is"),
            ),
            _ => self.fail(
                Diagnostic::error(Code::TypeMismatch, of.span, "a version is read from a text")
                    .label(words::this_is(&of.ty))
                    .help("write `version(\"3.10.0\")`"),
            ),
        }
    }

    /// A text in quotes that is meant as a version.
    pub(super) fn version_literal(&mut self, text: &str, reading: Reading, span: Span) -> Option<Expr> {
        if Version::parse(text, reading).is_some() {
            return Some(Expr { kind: Kind::Constant(Constant::Version(text.into())), ty: Type::Version, span });
        }
        let error = Diagnostic::error(Code::BadVersion, span, format!("\"{text}\" is not a version"));
        self.fail(match Version::parse(text, Reading::Lenient).and_then(|version| version.strict()) {
            Some(strict) => error
                .label("a version is three numbers, perhaps with `-rc.1` after them")
                .help(format!("write \"{strict}\", or read it as programs report it: `lenient_version(\"{text}\")`"))
                .suggest(span, format!("\"{strict}\"")),
            None => error.label("a version is written like \"3.10.0\" or \"3.10.0-rc.1\""),
        })
    }
}
