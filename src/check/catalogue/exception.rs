//! Exceptions: from a rule that stands further out, and from policies.

use super::super::tree::{Excepted, Exception};
use super::super::world::suggest;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{self, Name};

/// What stands around a place of the catalogue, from the outermost in.
#[derive(Clone)]
pub(super) struct Around<'a> {
    /// Rules.
    pub clauses: Vec<&'a [ast::Clause]>,
    /// The names of all policies.
    pub policies: Vec<&'a Name>,
}

/// What no exception is made from, each with why.
const NEVER: [(&str, &str); 6] = [
    ("consent", "what the customer has not granted nobody else can"),
    ("halt", "the kill switch of a request stops everything"),
    ("stock", "there is no more of it"),
    ("valid", "outside of its dates it is not there"),
    ("threshold", "make it worth more with a `lever`, which says whose it is and until when"),
    ("holdout", "write `except` in the `holdout` statement"),
];

impl<'a> Around<'a> {
    /// The same for what stands inside of something that has rules of its own.
    pub fn with(&self, own: &'a [ast::Clause]) -> Self {
        Around { clauses: self.clauses.iter().copied().chain([own]).collect(), policies: self.policies.clone() }
    }

    fn names(&self) -> impl Iterator<Item = &'a Name> {
        self.clauses.iter().flat_map(|clauses| clauses.iter()).filter_map(|clause| clause.name.as_ref())
    }

    pub fn exceptions(
        &self,
        written: &[ast::Exception],
        own: &[ast::Clause],
        out: &mut Vec<Diagnostic>,
    ) -> Vec<Exception> {
        let checked = written.iter().filter_map(|exception| {
            let of = match &exception.of {
                ast::Excepted::Rule(name) => self.rule(name, own, out).then(|| Excepted::Rule(name.node.clone())),
                ast::Excepted::Policy { line, policy } => {
                    let found = self.policies.iter().any(|known| known.node == policy.node);
                    if !found {
                        let message = format!("no policy is called `{}`", policy.node);
                        let error = Diagnostic::error(Code::UnknownName, policy.span, message).label("which policy?");
                        let known = self.policies.iter().map(|name| name.node.as_str());
                        out.push(suggest(error, policy.span, &policy.node, known));
                    }
                    found.then(|| Excepted::Policy { policy: policy.node.clone(), line: *line })
                }
            };
            let Some(because) = &exception.because else {
                out.push(
                    Diagnostic::error(Code::MissingSetting, exception.span, "this exception gives no reason")
                        .label("why?")
                        .help("write the reason after it: `because \"they may buy another one\"`"),
                );
                return None;
            };
            Some(Exception { of: of?, because: because.node.clone(), span: exception.span })
        });
        checked.collect()
    }

    /// Whether a rule further out has this name.
    fn rule(&self, name: &Name, own: &[ast::Clause], out: &mut Vec<Diagnostic>) -> bool {
        if self.names().any(|known| known.node == name.node) {
            return true;
        }
        let message = format!("no rule further out is called `{}`", name.node);
        let error = Diagnostic::error(Code::UnknownName, name.span, message);
        let lower = name.node.to_ascii_lowercase();
        out.push(if let Some((_, why)) = NEVER.iter().find(|(word, _)| *word == lower) {
            let message = format!("there is no exception from `{}`", name.node);
            Diagnostic::error(Code::WrongScope, name.span, message).label("this holds for everything").help(*why)
        } else if self.policies.iter().any(|known| known.node == name.node) {
            error
                .label("this is a policy")
                .suggest(name.span, format!("policy {}", name.node))
                .help("write `policy` before it")
        } else if own.iter().filter_map(|clause| clause.name.as_ref()).any(|own| own.node == name.node) {
            let message = format!("`{}` stands beside this exception", name.node);
            Diagnostic::error(Code::WrongScope, name.span, message)
                .label("a rule of its own")
                .help("an exception is made from what stands further out; change the rule instead")
        } else {
            let error = error.label("name the rule that it is made from: `suppress owners when … because \"…\"`");
            suggest(error, name.span, &name.node, self.names().map(|name| name.node.as_str()))
        });
        false
    }

    /// A name that a rule further out has already would leave it open which one is meant.
    pub fn distinct(&self, own: &[ast::Clause], out: &mut Vec<Diagnostic>) {
        let mut known: Vec<&Name> = self.names().collect();
        for name in own.iter().filter_map(|clause| clause.name.as_ref()) {
            if let Some(first) = known.iter().find(|first| first.node == name.node) {
                out.push(
                    Diagnostic::error(Code::Duplicate, name.span, format!("two rules are called `{}`", name.node))
                        .label("the same name again")
                        .related(first.span, "the first is here"),
                );
            }
            known.push(name);
        }
    }
}
