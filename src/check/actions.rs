//! What programs may do, by path: what `exposed(reminder)` can be about.

use super::tree::is_under;
use super::words;
use super::world::suggest;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Name, Spanned, Statement, StatementKind};

/// The paths of all programs, campaigns and actions: `winback`, `winback.come_back`, `winback.come_back.gift`.
#[derive(Default)]
pub(super) struct Actions {
    paths: Vec<Vec<String>>,
    /// Actions that are made of rows.
    of_rows: Vec<String>,
    /// Bundles, each with its members as far as they are known.
    bundles: Vec<(String, Vec<String>)>,
}

/// The campaign in which a path is written: its program and its name.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    pub program: &'a str,
    pub campaign: &'a str,
    /// The row that the action is made of: what it is called, and the number of its catalog.
    pub row: Option<(&'a Name, usize)>,
}

impl Actions {
    pub fn of<'a>(statements: impl Iterator<Item = &'a Statement>) -> Self {
        let mut known = Actions::default();
        let path = |names: &[&Name]| names.iter().map(|name| name.node.clone()).collect::<Vec<_>>();
        let mut bundles = Vec::new();
        for statement in statements {
            let StatementKind::Program { name, campaigns, .. } = &statement.node else { continue };
            known.paths.push(path(&[name]));
            for campaign in campaigns {
                known.paths.push(path(&[name, &campaign.name]));
                for action in &campaign.actions {
                    let path = path(&[name, &campaign.name, &action.name]);
                    if action.rows.is_some() {
                        known.of_rows.push(path.join("."));
                    }
                    if !action.members.is_empty() {
                        let here = Here { program: &name.node, campaign: &campaign.name.node, row: None };
                        bundles.push((path.join("."), here, &action.members));
                    }
                    known.paths.push(path);
                }
            }
        }
        for (path, here, members) in bundles {
            let members = members.iter().filter_map(|member| known.named(member, Some(here)).ok()).collect();
            known.bundles.push((path, members));
        }
        known
    }

    /// The names of the actions of a campaign.
    pub fn under(&self, path: &str) -> Vec<String> {
        let of = self
            .paths
            .iter()
            .filter(|full| full.len() == 3 && full.join(".").rsplit_once('.').is_some_and(|(c, _)| c == path));
        of.filter_map(|full| full.last().cloned()).collect()
    }

    /// Whether an action is a bundle.
    pub fn is_bundle(&self, path: &str) -> bool {
        self.bundles.iter().any(|(bundle, _)| bundle == path)
    }

    /// Whether an action is made of rows.
    pub fn is_of_rows(&self, path: &str) -> bool {
        self.of_rows.iter().any(|of_rows| of_rows == path)
    }

    /// Whether an action is part of a bundle.
    pub fn is_member(&self, path: &str) -> bool {
        self.bundles.iter().any(|(_, members)| members.iter().any(|member| member == path))
    }

    /// The bundles of which a member has this path, or is part of it: a contact about one of them is about it too.
    pub fn bundles_of(&self, path: &str) -> Vec<String> {
        let has = |members: &[String]| members.iter().any(|member| is_under(member, path));
        self.bundles.iter().filter(|(_, members)| has(members)).map(|(bundle, _)| bundle.clone()).collect()
    }

    /// The full path of what is meant by its end, or by all of it. What is nearest counts: of the same campaign, else of the
    /// same program, else of any. Of several, a whole path is meant, since it cannot be written longer.
    pub fn named(&self, path: &Spanned<Vec<Name>>, here: Option<Here<'_>>) -> Result<String, Box<Diagnostic>> {
        let written: Vec<&str> = path.node.iter().map(|name| name.node.as_str()).collect();
        let all: Vec<&[String]> =
            self.paths.iter().map(Vec::as_slice).filter(|full| ends_with(full, &written)).collect();
        let nearest = (0..3).map(|scope| all.iter().copied().filter(|full| within(full, here, scope)).collect());
        let meant: Vec<&[String]> = nearest.into_iter().find(|found: &Vec<_>| !found.is_empty()).unwrap_or_default();
        match meant.iter().find(|full| full.len() == written.len()).or(meant.first()) {
            Some(full) if meant.len() == 1 || full.len() == written.len() => Ok(full.join(".")),
            Some(_) => Err(Box::new(several(path, &written, &meant))),
            None => Err(Box::new(self.none(path, &written))),
        }
    }

    fn none(&self, path: &Spanned<Vec<Name>>, written: &[&str]) -> Diagnostic {
        let written = written.join(".");
        let error = Diagnostic::error(Code::UnknownName, path.span, format!("nothing is called `{written}`"));
        if self.paths.is_empty() {
            return error.label("there are no programs").help("to ask about every contact, write `any`");
        }
        let names: Vec<String> = self
            .paths
            .iter()
            .flat_map(|full| (0..full.len()).map(|from| full.iter().skip(from).cloned().collect::<Vec<_>>().join(".")))
            .collect();
        let error = error.label("no program, campaign or action has this name");
        suggest(error, path.span, &written, names.iter().map(String::as_str))
    }
}

fn several(path: &Spanned<Vec<Name>>, written: &[&str], meant: &[&[String]]) -> Diagnostic {
    let paths: Vec<String> = meant.iter().map(|full| full.join(".")).collect();
    let message = format!("`{}` can be several things", written.join("."));
    Diagnostic::error(Code::UnknownName, path.span, message)
        .label(format!("which of {}?", words::names(paths.iter().map(String::as_str))))
        .help("write more of its path")
}

fn ends_with(full: &[String], written: &[&str]) -> bool {
    full.len() >= written.len() && full.iter().rev().zip(written.iter().rev()).all(|(full, written)| full == written)
}

/// 0: of the campaign where it is written; 1: of its program; 2: of any.
fn within(full: &[String], here: Option<Here<'_>>, scope: usize) -> bool {
    match (here, scope, full) {
        (_, 2, _) => true,
        (Some(here), 0, [program, campaign, ..]) => program == here.program && campaign == here.campaign,
        (Some(here), 1, [program, ..]) => program == here.program,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::syntax::{Limits, parse_file};

    const PROGRAMS: &str = r#"
program winback {
  campaign come_back for everyone every { service gift { treat email "a" } service note { treat email "a" } }
  campaign last_call for everyone every { service gift { treat email "a" } service bye { treat email "a" } }
}
program cart {
  campaign come_back for everyone every { service gift { treat email "a" } service bye { treat email "a" } }
  campaign note for everyone every { service nudge { treat email "a" } service poke { treat email "a" } }
}
program poke { campaign only for everyone every { service poke { treat email "a" } } }
"#;

    /// What a path means in a campaign, or outside of all; else what is told.
    fn meant(path: &str, here: Option<(&str, &str)>) -> String {
        let file = parse_file(PROGRAMS, 0, &Limits::default(), &mut Vec::new());
        let actions = Actions::of(file.statements.iter());
        let span = Span::default();
        let names = path.split('.').map(|name| Spanned { node: name.to_owned(), span }).collect();
        let here = here.map(|(program, campaign)| Here { program, campaign, row: None });
        actions.named(&Spanned { node: names, span }, here).unwrap_or_else(|told| told.message)
    }

    #[test]
    fn what_is_nearest_counts() {
        let here = Some(("winback", "come_back"));
        assert_eq!(meant("gift", here), "winback.come_back.gift");
        assert_eq!(meant("gift", Some(("cart", "come_back"))), "cart.come_back.gift");
        assert_eq!(meant("gift", Some(("winback", "last_call"))), "winback.last_call.gift");
        // Not of the campaign, but of its program.
        assert_eq!(meant("bye", here), "winback.last_call.bye");
        assert_eq!(meant("gift", Some(("cart", "note"))), "cart.come_back.gift");
        // Of another program, which is all there is.
        assert_eq!(meant("nudge", here), "cart.note.nudge");
        assert_eq!(meant("nudge", None), "cart.note.nudge");
        // Longer paths, of a campaign and of a program.
        assert_eq!(meant("last_call.gift", here), "winback.last_call.gift");
        assert_eq!(meant("come_back", Some(("cart", "note"))), "cart.come_back");
        assert_eq!(meant("cart", here), "cart");
        // What is written is all of its path, which cannot be made longer.
        assert_eq!(meant("poke", here), "poke");
        assert_eq!(meant("poke", Some(("poke", "other"))), "poke");
        assert_eq!(meant("cart.come_back.gift", here), "cart.come_back.gift");
    }

    #[test]
    fn of_several_things_as_near_the_whole_path_is_asked_for() {
        assert_eq!(meant("gift", None), "`gift` can be several things");
        assert_eq!(meant("bye", None), "`bye` can be several things");
        assert_eq!(meant("come_back.gift", None), "`come_back.gift` can be several things");
        assert_eq!(meant("note", None), "`note` can be several things");
        assert_eq!(meant("note", Some(("winback", "come_back"))), "winback.come_back.note");
        assert_eq!(meant("gone", None), "nothing is called `gone`");
        assert_eq!(meant("everything.cart.note", None), "nothing is called `everything.cart.note`");
    }
}
