//! Calls of the host's functions.

use super::Checker;
use crate::check::tree::{Expr, Kind};
use crate::check::words;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::Signature;
use crate::syntax::ast::{self, Name};

impl Checker<'_> {
    /// The number of a host's function and what is known of it.
    pub(super) fn host_function(&self, name: &str) -> Option<(usize, Signature)> {
        let functions = &self.world.shape.functions;
        let function = functions.iter().position(|function| function.name == name)?;
        functions.get(function).map(|signature| (function, signature.clone()))
    }

    pub(super) fn host_call(
        &mut self,
        (function, signature): (usize, Signature),
        name: &Name,
        arguments: &[ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let wanted = &signature.parameters;
        let checked: Vec<Option<Expr>> =
            arguments.iter().enumerate().map(|(place, argument)| self.value(argument, wanted.get(place))).collect();
        if arguments.len() != wanted.len() {
            return self.fail(miscounted(&signature, arguments.len(), span));
        }
        let checked = checked.into_iter().collect::<Option<Vec<Expr>>>()?;
        let mut fits = true;
        for (argument, wanted) in checked.iter().zip(wanted) {
            if !argument.ty.agrees(wanted) {
                fits = false;
                self.out.push(
                    Diagnostic::error(
                        Code::TypeMismatch,
                        argument.span,
                        format!("`{}` needs {} here", name.node, words::a(wanted)),
                    )
                    .label(words::this_is(&argument.ty))
                    .help(format!("it is called as `{}`", called(&signature))),
                );
            }
        }
        fits.then_some(Expr { kind: Kind::Call { function, arguments: checked }, ty: signature.result, span })
    }
}

fn miscounted(signature: &Signature, given: usize, span: Span) -> Diagnostic {
    let count = |n: usize| if n == 1 { "one value".to_owned() } else { format!("{n} values") };
    let wanted = count(signature.parameters.len());
    Diagnostic::error(Code::WrongArguments, span, format!("`{}` takes {wanted}", signature.name))
        .label(match given {
            0 => "none is given".to_owned(),
            1 => "one is given".to_owned(),
            given => format!("{given} are given"),
        })
        .help(format!("it is called as `{}`", called(signature)))
}

/// `distance(point, text)`
fn called(signature: &Signature) -> String {
    let types: Vec<String> = signature.parameters.iter().map(ToString::to_string).collect();
    format!("{}({})", signature.name, types.join(", "))
}
