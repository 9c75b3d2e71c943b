//! `stages`: how far a customer has come.

use super::expression::Checker;
use super::tree::{Body, Constant, DefinitionKind, Expr, Kind};
use super::words;
use super::world::{World, suggest};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Type;
use crate::syntax::ast::{Name, Spanned, StageRow};

/// The rows of a `stages` statement. Only the first may be for everyone: one behind it would leave nobody before it.
pub(super) fn stages(rows: &[StageRow], world: &World, out: &mut Vec<Diagnostic>) -> Option<(Body, Type)> {
    let mut conditions = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        match &row.when {
            Some(when) => conditions.push(Checker::new(world, out).condition(when).map(Some)),
            None if number == 0 => conditions.push(Some(None)),
            None => {
                let message = format!("the stage `{}` has no condition", row.name.node);
                out.push(
                    Diagnostic::error(Code::MissingSetting, row.name.span, message)
                        .label("who has come so far?")
                        .help(format!("only the first stage is for everyone; write `{} when …`", row.name.node)),
                );
                conditions.push(None);
            }
        }
    }
    let conditions = conditions.into_iter().collect::<Option<_>>()?;
    let names: Vec<String> = rows.iter().map(|row| row.name.node.clone()).collect();
    Some((Body::Stages(conditions), Type::Enum(names.into())))
}

/// A stage that is named: the number of its definition, and its own.
type Found = (usize, usize);

impl Checker<'_> {
    /// `in stage considering, buying`: stages of one statement.
    pub(super) fn in_stage(&mut self, stages: &[Spanned<Vec<Name>>], span: crate::diagnostic::Span) -> Option<Expr> {
        let found: Vec<Option<Found>> = stages.iter().map(|stage| self.stage(stage)).collect();
        let found = found.into_iter().collect::<Option<Vec<Found>>>()?;
        let (id, _) = *found.first()?;
        if let Some((other, _)) = stages.iter().zip(&found).find(|(_, (of, _))| *of != id) {
            let message = "these stages are not of one statement";
            self.out.push(
                Diagnostic::error(Code::WrongScope, other.span, message)
                    .label(format!("this is not a stage of `{}`", self.world.known(id)?.name))
                    .help("write a line for each: both must hold then"),
            );
            return None;
        }
        let known = self.world.known(id)?;
        let subject = Expr { kind: Kind::Definition(id), ty: known.ty.clone()?, span };
        let items = found.into_iter().map(|(_, stage)| Constant::Category(stage)).collect();
        Some(Expr { kind: Kind::In { subject: Box::new(subject), items, ignoring_case: false }, ty: Type::Bool, span })
    }

    /// `buying`, `shopper.buying`
    fn stage(&mut self, written: &Spanned<Vec<Name>>) -> Option<Found> {
        let (of, name) = match written.node.as_slice() {
            [name] => (None, name),
            [of, name] => (Some(of), name),
            _ => return None,
        };
        if let Some(of) = of
            && !self.world.stages().any(|(_, known)| known.name == of.node)
        {
            let message = format!("there are no stages `{}`", of.node);
            let error = Diagnostic::error(Code::UnknownName, of.span, message);
            let names: Vec<&str> = self.world.stages().map(|(_, known)| known.name.as_str()).collect();
            self.out.push(suggest(
                error.label(said("no `stages` statement has this name", &names)),
                of.span,
                &of.node,
                names,
            ));
            return None;
        }
        let meant = self.world.stages().filter(|(_, known)| of.is_none_or(|of| known.name == of.node));
        let mut unchecked = false;
        let (mut found, mut names) = (Vec::new(), Vec::new());
        for (id, known) in meant {
            let Some(Type::Enum(stages)) = &known.ty else {
                unchecked = true;
                continue;
            };
            names.extend(stages.iter().map(String::as_str));
            found.extend(stages.iter().position(|stage| *stage == name.node).map(|stage| (id, stage, &known.name)));
        }
        match found.as_slice() {
            [(id, stage, _)] => Some((*id, *stage)),
            // What is wrong with the stages that may have it has been told.
            [] if unchecked => None,
            [] => {
                let error =
                    Diagnostic::error(Code::UnknownName, name.span, format!("there is no stage `{}`", name.node));
                self.out.push(suggest(
                    error.label(said("no stages are declared", &names)),
                    name.span,
                    &name.node,
                    names,
                ));
                None
            }
            [(.., first), ..] => {
                let of: Vec<String> = found.iter().map(|(.., of)| format!("`{of}`")).collect();
                let message = format!("there are several stages `{}`", name.node);
                self.out.push(
                    Diagnostic::error(Code::WrongScope, name.span, message)
                        .label(format!("one of {}", of.join(", ")))
                        .help("say which")
                        .suggest(name.span, format!("{first}.{}", name.node)),
                );
                None
            }
        }
    }
}

/// What there is to name, or that there is nothing.
fn said(nothing: &str, names: &[&str]) -> String {
    match names {
        [] => nothing.to_owned(),
        some => format!("there {} {}", if some.len() == 1 { "is" } else { "are" }, words::names(some.iter().copied())),
    }
}

impl World {
    /// Every `stages` statement so far, by the number of its definition.
    fn stages(&self) -> impl Iterator<Item = (usize, &super::world::Known)> {
        (0..).map_while(|id| Some((id, self.known(id)?))).filter(|(_, known)| known.kind == DefinitionKind::Stages)
    }
}
