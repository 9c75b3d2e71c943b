//! Programs, campaigns and actions.

use super::Printer;
use crate::syntax::ast::{Action, ActionKind, Again, Campaign, Clause, ClauseKind, EachRow, Exception, Expr, Name};

impl Printer {
    pub fn program(&mut self, name: &Name, clauses: &[Clause], exceptions: &[Exception], campaigns: &[Campaign]) {
        self.show(format_args!("program {}", name.node));
        if clauses.is_empty() && exceptions.is_empty() {
            return self.block(campaigns, Self::campaign);
        }
        self.put(" {\n");
        clauses.iter().for_each(|clause| self.clause_line(clause, "  "));
        exceptions.iter().for_each(|exception| self.exception(exception, "  "));
        for campaign in campaigns {
            self.put("  ");
            self.campaign(campaign);
            self.put("\n");
        }
        self.put("}");
    }

    fn campaign(&mut self, campaign: &Campaign) {
        self.show(format_args!("campaign {} for {}", campaign.name.node, campaign.segment.node));
        match &campaign.again.node {
            Again::Once => self.put(" once"),
            Again::Every => self.put(" every"),
            Again::After { pause, since } => {
                self.put(" again after ");
                self.duration(pause);
                self.show(format_args!(" since {}", since.word()));
            }
        }
        if let Some(goal) = &campaign.goal {
            self.put(" goal ");
            self.step(&goal.node.clause);
            self.put(" within ");
            self.duration(&goal.node.within.node);
        }
        for exit in &campaign.exits {
            self.put(" exit on ");
            self.step(exit);
        }
        if let Some(control) = &campaign.control {
            self.show(format_args!(" control {}%", control.node));
        }
        self.put(" {\n");
        self.valid(campaign.valid.as_ref(), "    ");
        campaign.boosts.iter().for_each(|boost| self.boost(boost, "    "));
        campaign.levers.iter().for_each(|lever| self.lever(lever, "    "));
        for clause in &campaign.clauses {
            self.clause_line(clause, "    ");
        }
        campaign.exceptions.iter().for_each(|exception| self.exception(exception, "    "));
        for action in &campaign.actions {
            self.action(action);
        }
        self.put("  }");
    }

    fn action(&mut self, action: &Action) {
        let word = match action.kind {
            ActionKind::Offer => "offer",
            ActionKind::Message => "message",
            ActionKind::Service => "service",
        };
        let fallback = if action.fallback { "fallback " } else { "" };
        self.show(format_args!("    {fallback}{word} {}", action.name.node));
        if let Some(rows) = &action.rows {
            self.each_row(rows);
        }
        if !action.members.is_empty() {
            self.put(" bundles ");
            self.list(&action.members, ", ", |printer, member| printer.list(&member.node, ".", Self::name));
        }
        self.put(" {\n");
        if let Some(basis) = &action.basis {
            self.show(format_args!("      basis {}\n", basis.node));
        }
        self.valid(action.valid.as_ref(), "      ");
        self.amount("value", action.value.as_ref(), "");
        self.worth(&action.worth);
        self.amount("cost", action.cost.as_ref(), "");
        let trust = action.trust.as_ref().map(|trust| format!(" trust {} contacts", trust.node));
        self.amount("propensity", action.propensity.as_ref(), &trust.unwrap_or_default());
        if let Some(promo) = &action.promo {
            self.promo(promo);
        }
        action.boosts.iter().for_each(|boost| self.boost(boost, "      "));
        action.levers.iter().for_each(|lever| self.lever(lever, "      "));
        for clause in &action.clauses {
            self.clause_line(clause, "      ");
        }
        action.exceptions.iter().for_each(|exception| self.exception(exception, "      "));
        action.treatments.iter().for_each(|treatment| self.treatment(treatment));
        self.put("    }\n");
    }

    fn each_row(&mut self, rows: &EachRow) {
        self.show(format_args!(" for {} in {}", rows.row.node, rows.catalog.node));
        if let Some(filter) = &rows.filter {
            self.put(" where ");
            self.condition(filter, "      ");
        }
        self.show(format_args!(" limit {}", rows.limit.node));
    }

    fn amount(&mut self, word: &str, value: Option<&Expr>, behind: &str) {
        if let Some(value) = value {
            self.show(format_args!("      {word} "));
            self.condition(value, "        ");
            self.put(behind);
            self.put("\n");
        }
    }

    fn clause_line(&mut self, clause: &Clause, indent: &str) {
        self.put(indent);
        self.rule(clause, indent);
        self.put("\n");
    }

    pub(super) fn rule(&mut self, clause: &Clause, indent: &str) {
        self.put(clause.kind.word());
        if let Some(name) = &clause.name {
            self.show(format_args!(" {}", name.node));
        }
        match clause.kind {
            ClauseKind::Only => {
                self.put(" ");
                self.expr(&clause.when);
            }
            _ => {
                self.put(" when ");
                self.condition(&clause.when, &format!("{indent}  "));
            }
        }
        if let Some(reason) = &clause.because {
            self.put(" because ");
            self.text(reason);
        }
    }
}
