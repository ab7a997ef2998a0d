//! `quilt_stack` as people use it. Every acceptance case of hashicorp/aws's `aws_cloudformation_stack` is among the tests:
//!
//! | case there | test here |
//! |---|---|
//! | `basic` | `peer::basic`, `life::a_stack_lives_a_whole_life` |
//! | `CreationFailure_doNothing`, `_delete`, `_rollback` | `peer::creation_failures`; `options::a_failed_creation_is_left_where_that_is_wanted` has `disable_rollback` |
//! | `updateFailure` | `peer::update_failure`, `failure::a_failed_update_keeps_the_state_as_it_was` |
//! | `disappears` | `failure::a_stack_deleted_elsewhere_is_planned_anew` |
//! | `yaml` | `peer::yaml`, `source::a_template_in_the_configuration` |
//! | `defaultParams` | `peer::default_parameters` |
//! | `allAttributes` | `peer::all_attributes`, with an update of each |
//! | `withParams` | `peer::with_parameters` |
//! | `WithURL_withParams`, `WithURLWithParams_withYAML` | `peer::by_url_with_parameters`, with and without an ending and a version |
//! | `WithURLWithParams_noUpdate` | `peer::the_same_content_under_a_new_url_is_no_update` |
//! | `withTransform` | `peer::with_a_transform` |
//! | `onFailure` | `peer::on_failure_and_its_like_never_replace` |
//! | `outputsUpdated` | `peer::outputs_change_with_parameters` |
//! | `templateUpdate` | `peer::outputs_change_with_the_template` |
//! | tags | `peer::all_attributes`, `life::tags_alone_leave_the_outputs_known`, `provider::default_tags_go_everywhere` |
//! | `ImportState` of each | the same tests, and `life::an_import_by_name_plans_nothing`, `life::an_import_by_arn_writes_nothing` |

mod calls;
mod changes;
mod destroy;
mod failure;
mod judged;
mod life;
mod options;
mod peer;
mod policy;
mod preview;
mod outputs;
mod reading;
mod secrets;
mod source;
mod stuck;
mod upgrade;
mod veil;

/// The address of the stack in every test.
const THIS: &str = "quilt_stack.this";
