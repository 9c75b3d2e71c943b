//! Groups of events → kinds behind those that the customer type brings.

use crate::check::tree::{EventGroup, Rules};
use crate::leaf::fold;
use crate::leaf::plan::Group;
use crate::schema::Access;

/// Adds a kind for each group, in the order of the checked shape.
pub(super) fn add<P: 'static>(rules: &Rules, access: &mut Access<P>) {
    for (number, group) in rules.groups.iter().enumerate() {
        let kind = fold::group(number, &plan(rules, group), &access.kinds);
        // Behind the customer type's own kinds; contacts come last.
        access.kinds.insert(group.event.min(access.kinds.len()), kind);
    }
}

fn plan(rules: &Rules, group: &EventGroup) -> Group {
    let properties = rules.shape.events.get(group.event).map_or(&[][..], |event| &event.properties);
    let classes = properties.iter().map(|property| property.ty.class());
    Group { members: group.members.clone(), properties: classes.zip(group.properties.iter().cloned()).collect() }
}
