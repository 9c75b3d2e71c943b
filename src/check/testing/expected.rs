//! What tests expect.

use super::Tester;
use super::tree::{Code as Why, Expected, ExpectedKind, Given};
use crate::check::world::suggest;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{self, Name, Spanned};

/// Whether it is about what is decided, and so about a channel.
pub(super) fn needs_channel(expected: &Spanned<ast::Expected>) -> bool {
    use ast::Expected::{Action, Nothing, Segment, Value, WhyNot};
    match expected.node {
        Action(_) | Nothing { .. } | WhyNot { .. } => true,
        Value { .. } | Segment { .. } => false,
    }
}

impl Tester<'_> {
    /// `given` is what the test gives, where that could be read.
    pub(super) fn expected(
        &self,
        expected: &Spanned<ast::Expected>,
        given: Option<&[Given]>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Expected> {
        let kind = match &expected.node {
            ast::Expected::Action(path) => ExpectedKind::Action(self.action(path, given, out)?),
            ast::Expected::Nothing { because, until } => {
                let because = match because {
                    Some(because) => Some(code(because, out)?),
                    None => None,
                };
                ExpectedKind::Nothing { because, until: until.as_ref().map(|until| until.node.at) }
            }
            ast::Expected::Value { name, value } => self.named_value(name, value.as_ref(), out)?,
            ast::Expected::Segment { negated, segment } => {
                ExpectedKind::Segment { definition: self.segment(segment, out)?, is_in: !negated }
            }
            ast::Expected::WhyNot { action, code: written } => {
                let (action, code) = (self.action(action, given, out), code(written, out));
                ExpectedKind::WhyNot { action: action?, code: code? }
            }
        };
        Some(Expected { kind, span: expected.span })
    }

    fn named_value(&self, name: &Name, value: Option<&ast::Expr>, out: &mut Vec<Diagnostic>) -> Option<ExpectedKind> {
        use crate::check::tree::DefinitionKind::Segment;
        let known = self.world.definition(&name.node);
        let Some((definition, known)) = known.filter(|(_, known)| known.kind != Segment) else {
            let message = format!("there is no value `{}`", name.node);
            let error = Diagnostic::error(Code::UnknownName, name.span, message);
            out.push(match known {
                Some(_) => Diagnostic::error(Code::WrongScope, name.span, format!("`{}` is a segment", name.node))
                    .help(format!("write `in segment {0}` or `not in segment {0}`", name.node)),
                None => {
                    let error = error.label("no `let`, `score`, `group` or `stages` has this name");
                    suggest(error, name.span, &name.node, self.world.values())
                }
            });
            return None;
        };
        // Without a type it did not check, which has been told.
        let ty = known.ty.clone()?;
        let value = match value {
            Some(value) => Some(self.constant(value, &ty, out)?),
            None => None,
        };
        Some(ExpectedKind::Value { definition, value })
    }
}

fn code(name: &Name, out: &mut Vec<Diagnostic>) -> Option<Why> {
    let code = Why::named(&name.node);
    if code.is_none() {
        let names: Vec<String> = Why::names().collect();
        let message = format!("there is no reason and no stage `{}`", name.node);
        let error = Diagnostic::error(Code::UnknownName, name.span, message)
            .label("one of those that decisions and explanations tell, with `_` between words");
        out.push(suggest(error, name.span, &name.node, names.iter().map(String::as_str)));
    }
    code
}
