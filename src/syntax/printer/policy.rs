//! Lines of contact policies.

use super::Printer;
use crate::syntax::ast::{Block, Cap, CapPeriod, Limit, Name, Otherwise, PerDecision, PolicyLine, Quiet, Rest};
use crate::syntax::level::Level;

impl Printer {
    pub(super) fn policy_line(&mut self, line: &PolicyLine) {
        match line {
            PolicyLine::Cap(cap) => self.cap(cap),
            PolicyLine::Quiet(quiet) => self.quiet(quiet),
            PolicyLine::Rest(rest) => self.rest(rest),
            PolicyLine::Block(block) => self.block_line(block),
            PolicyLine::Limit(PerDecision { each, most }) => {
                self.show(format_args!("limit each {} {} per decision", each.word(), most.node));
            }
            PolicyLine::Prefer(prefer) => {
                self.put("prefer channel ");
                self.at(&prefer.channel, Level::Add);
                if let Some(otherwise) = &prefer.otherwise {
                    self.show(format_args!(" else {}", otherwise.node));
                }
            }
        }
    }

    fn cap(&mut self, cap: &Cap) {
        self.show(format_args!("cap {}", cap.kind.word()));
        if let Some(of) = &cap.of {
            self.put(" of ");
            if let Some(level) = of.level {
                self.show(format_args!("{} ", level.word()));
            }
            self.list(&of.path.node, ".", Self::name);
        }
        let channel = cap.channel.as_ref().map_or("any", |channel| channel.node.as_str());
        self.show(format_args!(" on {channel}"));
        match &cap.limit.node {
            Limit::Never => self.put(" never"),
            Limit::AtMost { count, own, period, zone, per } => {
                self.show(format_args!(" at most {} ", count.node));
                if let Some(own) = own {
                    self.put("or ");
                    self.expr(own);
                    self.put(" ");
                }
                match period {
                    CapPeriod::Rolling(span) => {
                        self.put("in any ");
                        self.duration(&span.node);
                    }
                    CapPeriod::Calendar(unit) => self.show(format_args!("per calendar {unit}")),
                }
                self.zone(zone);
                if let Some(per) = per {
                    self.show(format_args!(" per {}", per.node));
                }
            }
        }
    }

    fn quiet(&mut self, quiet: &Quiet) {
        self.show(format_args!("quiet {} to {}", quiet.from.node, quiet.to.node));
        self.zone(&quiet.zone);
        self.put(" on ");
        match quiet.channels.as_slice() {
            [] => self.put("any"),
            channels => self.list(channels, ", ", Self::name),
        }
        self.put(match quiet.otherwise {
            Otherwise::Wait => " else wait",
            Otherwise::Drop => " else drop",
        });
    }

    fn rest(&mut self, rest: &Rest) {
        self.show(format_args!("rest each {} ", rest.each.word()));
        self.duration(&rest.length.node);
        self.show(format_args!(" after {} {} within ", rest.count.node, rest.outcome.node));
        self.duration(&rest.within.node);
        if let Some(Name { node, .. }) = &rest.without {
            self.show(format_args!(" without {node}"));
        }
    }

    fn block_line(&mut self, block: &Block) {
        self.show(format_args!("block {} while ", block.kind.word()));
        self.condition(&block.when, "    ");
        if let Some(reason) = &block.because {
            self.put(" because ");
            self.text(reason);
        }
    }
}
