//! Use cases called without HTTP, as a job or another entrance would: each asks by itself what its caller may do.

use crate::common::people::{a_person, right};
use crate::common::{EAST, ELSEWHERE, TestApp, WEST, draft, new_id, on_both_engines, road, three_villages};
use serde_json::Value;
use tapak::actions::add_user::UserInput;
use tapak::actions::change_password::change_own_password;
use tapak::actions::codes::give_code::give_code;
use tapak::actions::codes::invite::invite;
use tapak::actions::comment_on_finding::{Remark, comment_on_finding};
use tapak::actions::correct_project::{Correction, correct_project};
use tapak::actions::decide_finding::{DecisionRequest, decide_finding};
use tapak::actions::end_own_sessions::{end_other_sessions, end_own_session};
use tapak::actions::manage_person::{disable_person, enable_person, end_sessions};
use tapak::actions::merge_project::merge_project;
use tapak::actions::report_progress::report_progress;
use tapak::actions::retry_job::{retry_all_jobs, retry_job};
use tapak::actions::take_back_decision::take_back_decision;
use tapak::actions::undo_change::undo_change;
use tapak::actions::withdraw_project::withdraw_project;
use tapak::actions::{ActionError, Result};
use tapak::domain::account::CodeChannel;
use tapak::domain::decision::Decision;
use tapak::domain::person::Person;
use tapak::domain::post::Role;
use tapak::domain::progress::NewReport;
use tapak::permission::{Action, Denied};
use uuid::Uuid;

fn person(role: Role, region: Option<&str>) -> Person {
    Person { rights: right(role, region).into_iter().collect(), ..a_person("lain") }
}

/// The things of the western village to which something is done.
struct Things {
    projects: [Uuid; 2],
    finding: Uuid,
    colleague: Uuid,
}

async fn things(app: &TestApp) -> Things {
    app.import_villages(&three_villages()).await;
    let user = app.sign_in_as("officer", Some(WEST)).await;
    let id = |value: &Value| value["id"].as_str().unwrap().parse().unwrap();
    let colleague = id(&user["user"]);
    app.sign_in_as("inspector", Some("35.10")).await;
    let village = app.village(WEST).await;
    let a = app.register(&draft(village, "Paving Gang Masjid RT 02", road(114.305, -8.21))).await;
    let b = app.register(&draft(village, "Pavingisasi gang masjid Rt.02", road(114.305, -8.21))).await;
    app.work().await;
    let finding = id(&app.get("/api/v1/findings?kind=duplicate").await.json()["items"][0]);
    Things { projects: [id(&a), id(&b)], finding, colleague }
}

/// What each use case answers to this person, with the action that it asks for. Nothing is changed by those who may: the version is
/// an old one, or the thing is not there.
async fn answers(app: &TestApp, by: &Person, things: &Things) -> Vec<(&'static str, Action, Result<()>)> {
    let (app, [id, other], finding) = (&app.app, things.projects, things.finding);
    let late = 0;
    let why = || "salah".to_owned();
    let report = NewReport {
        id: new_id(),
        project_id: id,
        percent: f64::NAN,
        reported_on: app.clock.now().date_naive(),
        stage: None,
        note: None,
        photos: Vec::new(),
    };
    let remark = Remark { id: new_id(), finding, text: why(), answers: Some(new_id()) };
    let request = DecisionRequest {
        id: new_id(),
        finding,
        row_version: late,
        decision: Decision::Upkeep,
        reason: why(),
        pairs: Vec::new(),
        keep: None,
    };
    let correction = Correction { row_version: late, reason: None, footprint: None, confirm_place: false };
    let mut found = vec![
        ("withdraw", Action::WithdrawProject, withdraw_project(app, by, id, late, why()).await.map(drop)),
        ("merge", Action::MergeProject, merge_project(app, by, id, late, other, why()).await.map(drop)),
        ("correct", Action::CorrectProject, correct_project(app, by, id, correction, Ok).await.map(drop)),
        ("undo", Action::UndoChange, undo_change(app, by, id, late).await.map(drop)),
        ("decide", Action::DecideFinding, decide_finding(app, by, &request, None).await),
        ("take back", Action::DecideFinding, take_back_decision(app, by, finding, new_id()).await),
        ("comment", Action::CommentFinding, comment_on_finding(app, by, &remark, None).await),
        ("disable", Action::ManagePeople, disable_person(app, Some(by), things.colleague).await.map(drop)),
        ("enable", Action::ManagePeople, enable_person(app, Some(by), things.colleague).await.map(drop)),
        ("sessions", Action::ManagePeople, end_sessions(app, Some(by), things.colleague).await.map(drop)),
        ("code", Action::ManagePeople, give_code(app, Some(by), things.colleague, CodeChannel::Card).await.map(drop)),
        (
            "invite",
            Action::ManagePeople,
            invite(app, Some(by), new_id(), somebody(), CodeChannel::Mail).await.map(drop),
        ),
        ("retry", Action::RetryJob, retry_job(app, Some(by), new_id()).await),
        ("retry all", Action::RetryJob, retry_all_jobs(app, Some(by)).await.map(drop)),
        ("own password", Action::ManageOwnAccount, change_own_password(app, by, "x", why(), why()).await),
        ("own sessions", Action::ManageOwnAccount, end_other_sessions(app, by, "x").await),
        ("own session", Action::ManageOwnAccount, end_own_session(app, by, new_id()).await),
    ];
    // Whoever may is stored: of one who may, nothing is asked.
    if by.require_in(Action::ReportProgress, WEST).is_err() {
        found.push(("report", Action::ReportProgress, report_progress(app, Some(by), &report, None).await.map(drop)));
    }
    found
}

/// Somebody without an address, who cannot be invited by mail.
fn somebody() -> UserInput {
    UserInput {
        login: "diundang".to_owned(),
        name: "Diundang".to_owned(),
        role: "officer".to_owned(),
        region_code: Some(WEST.to_owned()),
        email: None,
        language: "id".to_owned(),
    }
}

on_both_engines!(every_use_case_checks_the_permission_of_its_caller_itself, |app| {
    let things = things(&app).await;
    let people = [
        person(Role::Officer, Some(WEST)),
        person(Role::Officer, Some(EAST)),
        person(Role::Officer, None),
        person(Role::VillageHead, Some(WEST)),
        person(Role::Inspector, Some("35.10")),
        person(Role::Inspector, Some(ELSEWHERE)),
        person(Role::Administrator, Some("35.09")),
        person(Role::Administrator, None),
    ];
    let (mut permitted, mut denied) = (0, 0);
    for by in &people {
        for (name, action, answer) in answers(&app, by, &things).await {
            let of_a_region = !matches!(action, Action::RetryJob | Action::ManageOwnAccount);
            let expected = if of_a_region { by.require_in(action, WEST).map(drop) } else { by.require(action) };
            let what = format!("{name} by {:?}: {answer:?}", by.rights);
            match (expected, answer) {
                (Ok(()), answer) => {
                    permitted += 1;
                    assert!(!matches!(answer, Err(ActionError::Denied(_))), "{what}");
                }
                (Err(Denied::Role), answer) => {
                    denied += 1;
                    assert!(matches!(answer, Err(ActionError::Denied(Denied::Role))), "{what}");
                }
                // People and findings of other regions are as if they were not there.
                (Err(Denied::Region { .. }), answer) => {
                    denied += 1;
                    let refused =
                        matches!(answer, Err(ActionError::Denied(Denied::Region { .. }) | ActionError::NotFound(_)));
                    assert!(refused, "{what}");
                }
            }
        }
    }
    assert!(permitted > 30 && denied > 50, "{permitted} {denied}");
});
