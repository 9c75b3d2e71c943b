//! The rules of the grammar in the words of whoever writes rules.

use super::grammar::Rule;

/// What stands for everything that an operand can begin with.
pub(super) const VALUE: &str = "a condition or value";

/// What a rule of the grammar is called.
pub(super) fn phrase(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::EOI => "the end of the statement",
        Rule::expr | Rule::arith | Rule::paren | Rule::list | Rule::path | Rule::text_op => {
            if rule == Rule::text_op {
                "an operator"
            } else {
                VALUE
            }
        }
        Rule::quantified | Rule::quantifier | Rule::aggregate | Rule::aggregate_fn | Rule::all_have | Rule::edge => {
            VALUE
        }
        Rule::edge_fn
        | Rule::habit
        | Rule::habit_fn
        | Rule::first_step
        | Rule::pinned
        | Rule::pin
        | Rule::at_least
        | Rule::time_since
        | Rule::anniversary
        | Rule::anniversary_op
        | Rule::share
        | Rule::since_op
        | Rule::in_segment
        | Rule::in_segment_op
        | Rule::on_list => VALUE,
        Rule::in_list | Rule::in_list_op => "an operator",
        Rule::boolean | Rule::now | Rule::today | Rule::minus | Rule::not_op | Rule::bang | Rule::foreign_text => VALUE,
        Rule::symbol_op | Rule::arith_op | Rule::in_op | Rule::contains_of | Rule::is | Rule::is_op => "an operator",
        Rule::between | Rule::between_op | Rule::band_op => "an operator",
        Rule::and_op | Rule::or_op => "`and`, `or`",
        Rule::or_missing | Rule::ignoring_case => return None,
        Rule::name | Rule::word => "a name",
        Rule::text | Rule::doc => "a text in double quotes",
        Rule::quantity | Rule::amount => "a number",
        Rule::int | Rule::signed | Rule::range_cell => "a whole number",
        Rule::date | Rule::bad_date | Rule::instant | Rule::bound => "a date",
        Rule::clock => "a time of day",
        Rule::length => "a distance such as `10 km`",
        Rule::distance_unit => "a unit such as `km`",
        Rule::unit | Rule::unknown_unit => "a unit such as `days`",
        Rule::currency => "a currency such as `EUR`",
        Rule::percent => "`%`",
        Rule::close => "`)`",
        Rule::lbrace => "`{`",
        Rule::rbrace => "`}`",
        Rule::optional => "`?`",
        Rule::pii => "`pii`",
        Rule::nocase => "`nocase`",
        Rule::ago => "`ago`",
        Rule::calendar_unit => "`day`, `week`, `month`, `quarter`, `year`",
        Rule::field => "a field",
        Rule::plain_type
        | Rule::enum_type
        | Rule::money_type
        | Rule::id_type
        | Rule::list_type
        | Rule::map_type
        | Rule::struct_type => "a type",
        Rule::zone_setting
        | Rule::week_setting
        | Rule::currency_setting
        | Rule::leap_setting
        | Rule::hemisphere_setting => "`zone`, `week starts`, `currency`, `leap day` or `hemisphere`",
        Rule::leap_day => "`february 28` or `march 1`",
        Rule::cap => "`cap`",
        Rule::contacted => "`marketing`, `offer` or `message`",
        Rule::cap_of => "`of`",
        Rule::level => "`action`, `campaign` or `program`",
        Rule::cap_limit => "`at most` or `never`",
        Rule::never => "`never`",
        Rule::per_calendar => "`per calendar`",
        Rule::quiet => "`quiet`",
        Rule::wait_or_drop => "`wait` or `drop`",
        Rule::rest => "`rest`",
        Rule::rest_without => "`without`",
        Rule::block => "`block`",
        Rule::band => "a band such as `3 if >= 6`",
        Rule::cell | Rule::any_cell => "`any` or a number",
        Rule::group_row => "a row such as `loyal if 2..3, any`",
        Rule::group_else => "`else`",
        Rule::in_zone => "`in zone`",
        Rule::direction => "`inbound` or `outbound`",
        Rule::needs => "`needs consent`",
        Rule::campaign => "`campaign`",
        Rule::again | Rule::again_word | Rule::again_after => "`once`, `every` or `again after`",
        Rule::since_word => "`entered`, `exposed` or `converted`",
        Rule::goal => "`goal`",
        Rule::exit => "`exit on`",
        Rule::action | Rule::action_kind => "`offer`, `message` or `service`",
        Rule::clause | Rule::clause_kind => "`eligible when`, `suppress when`, …",
        Rule::own_limit => "`or`, and what the customer wishes",
        Rule::per_whom => "`per household`",
        Rule::fallback => "`fallback`",
        Rule::limit => "`limit each`",
        Rule::exception => "`except`",
        Rule::excepted_policy | Rule::line_kind => "`policy`, or a kind of its lines: `quiet of policy`",
        Rule::value_item => "`value`",
        Rule::worth => "an aim such as `revenue: 30 EUR`",
        Rule::points => "`points`",
        Rule::aim => "an aim such as `revenue in money`",
        Rule::point => "`points of`",
        Rule::weights => "`weights`",
        Rule::weight => "a weight such as `revenue 70%`",
        Rule::weights_for => "`for`",
        Rule::cost_item => "`cost`",
        Rule::propensity_item => "`propensity`",
        Rule::basis_item => "`basis`",
        Rule::treatment => "`treat`",
        Rule::control => "`control`",
        Rule::portion => "a percentage",
        Rule::change | Rule::sign => "a percentage such as `+50%`",
        Rule::salt => "`salt`",
        Rule::except => "`except`",
        Rule::exempt => "a kind of action, or a path",
        Rule::trust => "`trust`",
        Rule::valid_item => "`valid`",
        Rule::promo_item => "`promo`",
        Rule::promo_once => "`once`",
        Rule::boost_item => "`boost`",
        Rule::decay => "`after`",
        Rule::boost_when => "`when`",
        Rule::lever_item => "`lever`",
        Rule::lever_end => "`until`",
        Rule::owner => "`by`",
        Rule::experiment => "`experiment`",
        Rule::arm => "an arm such as `a 50% \"key\"`",
        Rule::treatment_when => "`when`",
        Rule::parameters => "`with`",
        Rule::languages => "`in`",
        Rule::parameter => "a parameter such as `name: expression`",
        Rule::otherwise => "`else`",
        Rule::slot_name => "a slot such as `.hero`",
        Rule::channel_cost => "`cost`",
        Rule::slots => "`{`",
        Rule::slot => "`slot`",
        Rule::because => "`because`",
        Rule::test_case => "`case`",
        Rule::now_line => "`now`",
        Rule::given_line => "`given`",
        Rule::on_line => "`on`",
        Rule::expect_line => "`expect`",
        Rule::why_not | Rule::why_not_op => "`why not`",
        Rule::given_consent
        | Rule::given_value
        | Rule::given_none
        | Rule::given_contact
        | Rule::given_events
        | Rule::no => "something given, such as `order 2 days ago`",
        Rule::expect_nothing | Rule::expect_missing | Rule::expect_value => {
            "something expected, such as `nothing` or `in segment vip`"
        }
        Rule::is_missing => "`is missing`",
        Rule::dotted | Rule::test_action => "a path such as `winback.gift`",
        Rule::test_row => "a row such as `[\"boots\"]`",
        Rule::properties => "`{`",
        Rule::property => "a property such as `total: 5 EUR`",
        Rule::moment => "a moment such as `2 days ago`",
        Rule::until_moment => "`until`",
        Rule::every_campaign => "`every campaign reachable`",
        Rule::overlap => "`overlap`",
        Rule::where_part => "`where`",
        Rule::then_tail | Rule::then_part | Rule::then_op => "`then`",
        Rule::step | Rule::step_event => "an event",
        Rule::without => "`without`",
        Rule::gap_limit => "`within`",
        Rule::alias => "`as`",
        Rule::side => "`after`, `before` or `of`",
        Rule::anchor => "a date or a moment",
        Rule::outcome => return None,
        Rule::arguments | Rule::key => return None,
        Rule::is_state
        | Rule::is_older
        | Rule::is_relative
        | Rule::is_near
        | Rule::is_inside
        | Rule::relation
        | Rule::is_null
        | Rule::is_value => "`missing`, `known`, `before …`",
        other if window(other) => "a window such as `within 30 days`",
        _ => return None,
    })
}

fn window(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::window
            | Rule::window_anchored
            | Rule::window_last
            | Rule::window_next
            | Rule::window_from
            | Rule::window_since
            | Rule::window_until
            | Rule::window_day
            | Rule::window_this
            | Rule::window_full
            | Rule::window_previous
            | Rule::window_short
            | Rule::in_the_last
            | Rule::in_the_next
            | Rule::in_last
    )
}

/// `kw_when` → `` `when` ``
pub(super) fn keyword(rule: Rule) -> Option<String> {
    let name = format!("{rule:?}");
    name.strip_prefix("kw_").map(|word| format!("`{word}`"))
}

/// The words that could have stood here, to find what was misspelled.
pub(super) fn spellings(rule: Rule) -> Vec<String> {
    let words: &[&str] = match rule {
        Rule::symbol_op | Rule::and_op | Rule::or_op => &["and", "or"],
        Rule::in_op => &["in"],
        Rule::text_op | Rule::contains_of => &["contains", "starts with", "ends with", "matches", "like"],
        Rule::between | Rule::between_op => &["between"],
        Rule::direction => &["inbound", "outbound"],
        Rule::action | Rule::action_kind => &["offer", "message", "service"],
        Rule::clause | Rule::clause_kind => &["eligible", "applicable", "suitable", "suppress"],
        Rule::fallback => &["fallback"],
        Rule::limit => &["limit"],
        Rule::exception => &["except"],
        Rule::line_kind => &["cap", "quiet", "rest", "block", "limit"],
        Rule::value_item => &["value"],
        Rule::cost_item => &["cost"],
        Rule::points | Rule::point => &["points"],
        Rule::weights => &["weights"],
        Rule::weights_for => &["for"],
        Rule::propensity_item => &["propensity"],
        Rule::basis_item => &["basis"],
        Rule::treatment => &["treat"],
        Rule::channel_cost => &["cost"],
        Rule::control => &["control"],
        Rule::salt => &["salt"],
        Rule::except => &["except"],
        Rule::trust => &["trust"],
        Rule::valid_item => &["valid"],
        Rule::promo_item => &["promo"],
        Rule::promo_once => &["once"],
        Rule::boost_item => &["boost"],
        Rule::decay => &["after"],
        Rule::boost_when => &["when"],
        Rule::lever_item => &["lever"],
        Rule::lever_end => &["until"],
        Rule::owner => &["by"],
        Rule::experiment => &["experiment"],
        Rule::stop => &["stop"],
        Rule::slot => &["slot"],
        Rule::parameters => &["with"],
        Rule::campaign => &["campaign"],
        Rule::again | Rule::again_word => &["once", "every", "again"],
        Rule::because => &["because"],
        Rule::where_part => &["where"],
        Rule::then_tail | Rule::then_part | Rule::then_op => &["then"],
        Rule::without => &["without"],
        Rule::alias => &["as"],
        Rule::side => &["after", "before", "of"],
        Rule::ago => &["ago"],
        Rule::cap => &["cap"],
        Rule::quiet => &["quiet"],
        Rule::rest => &["rest"],
        Rule::block => &["block"],
        Rule::contacted => &["marketing", "offer", "message"],
        Rule::level => &["action", "campaign", "program"],
        Rule::cap_limit | Rule::never => &["never", "at"],
        Rule::per_calendar => &["per"],
        Rule::wait_or_drop => &["wait", "drop"],
        Rule::since_word => &["entered", "exposed", "converted"],
        Rule::goal => &["goal"],
        Rule::exit => &["exit"],
        Rule::test_case => &["case"],
        Rule::given_line => &["given"],
        Rule::expect_line => &["expect"],
        Rule::why_not | Rule::why_not_op => &["why not"],
        Rule::expect_nothing => &["nothing"],
        other if window(other) => &["within", "since", "until", "from", "last", "this", "today", "yesterday"],
        _ => &[],
    };
    let keyword = format!("{rule:?}").strip_prefix("kw_").map(str::to_owned);
    words.iter().map(|word| (*word).to_owned()).chain(keyword).collect()
}
