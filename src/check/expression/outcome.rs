//! Outcomes of contacts: `exposed(reminder)` as a clause over the contacts, which are a kind of event that rules do not name.

use super::Checker;
use crate::check::tree::{Expr, Kind};
use crate::check::world::suggest;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::{Category, Outcome, Type};
use crate::syntax::ast::{self, EventClause, ExprKind, Name, Spanned};

/// Sent or shown, and not failed.
pub(in crate::check) const EXPOSED: &str = "exposed";

impl Checker<'_> {
    /// The kind of event that an outcome is about.
    pub(super) fn contacts(&mut self, clause: &EventClause) -> Option<usize> {
        let word = &clause.event;
        if !is_outcome(&word.node) {
            let error = Diagnostic::error(Code::UnknownName, word.span, format!("there is no outcome `{}`", word.node));
            let error = error.label("of a contact, as in `exposed(…)` or `clicked(…)`");
            let outcomes = std::iter::once(EXPOSED).chain(Outcome::NAMES.iter().copied());
            return self.fail(suggest(error, word.span, &word.node, outcomes));
        }
        let contacts = self.world.contacts();
        if contacts.is_none() {
            return self.fail(
                Diagnostic::error(Code::MissingSetting, word.span, "the program's customer has no contact history")
                    .label("nobody knows what has been sent or shown")
                    .help("give the customer type its contacts"),
            );
        }
        contacts
    }

    /// What the rows of an outcome fulfil, and what is asked of them besides.
    pub(super) fn outcome(
        &mut self,
        clause: &EventClause,
        of: &Spanned<Vec<Name>>,
        written: Option<Expr>,
    ) -> Option<Expr> {
        let action = match of.node.is_empty() {
            true => None,
            false => match self.world.actions.named(of, self.here) {
                Ok(path) => Some(path),
                Err(error) => return self.fail(*error),
            },
        };
        let condition = |kind| Expr { kind, ty: Type::Bool, span: clause.event.span.to(of.span) };
        let bundles = action.as_ref().map(|path| self.world.actions.bundles_of(path)).unwrap_or_default();
        let said = condition(Kind::Outcome { outcome: outcome(&clause.event.node), action, bundles });
        Some(match written {
            Some(written) => condition(Kind::And(vec![said, written])),
            None => said,
        })
    }
}

/// Whether a word says what came of a contact.
pub(in crate::check) fn is_outcome(word: &str) -> bool {
    word == EXPOSED || outcome(word).is_some()
}

/// `any(exposed)`: of what?
pub(super) fn bare_outcome(word: &Name) -> Diagnostic {
    let message = format!("`{}` of what?", word.node);
    Diagnostic::error(Code::WrongArguments, word.span, message)
        .label("an action, a campaign or a program is meant, or any")
        .help(format!("write `{0}(any)`, or what it is about, as in `{0}(reminder)`", word.node))
}

/// `exposed(reminder)` where a value or a condition stands.
pub(super) fn lone_outcome(word: &Name, arguments: &[ast::Expr], span: Span) -> Diagnostic {
    let about = match arguments {
        [ast::Expr { node: ExprKind::Path(path), .. }] => {
            path.iter().map(|name| name.node.as_str()).collect::<Vec<_>>().join(".")
        }
        _ => "any".to_owned(),
    };
    let asked = format!("any({}({about}))", word.node);
    Diagnostic::error(
        Code::WrongScope,
        span,
        format!("`{}(…)` is about contacts, of which there can be many", word.node),
    )
    .label("did any come to this, or none, or how many?")
    .help(format!("write `{asked}`, or `none(…)`, or `count(…)`"))
    .suggest(span, asked)
}

/// The outcome of a word; `exposed` is none.
pub(in crate::check) fn outcome(word: &str) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| Outcome::NAMES.get(outcome.index()) == Some(&word))
}
