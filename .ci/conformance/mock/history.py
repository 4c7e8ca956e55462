"""CodePipeline's memory of its runs, which the tests play and tell of here.

A run is told when it is over, as the SDK for Go spells its parts.
"""

import json
import time
import uuid

from handlers import lower

runs = []  # the newest first
actions = []  # of all runs, the newest first, as ListActionExecutions tells them


def remember(told):
    run = {"pipelineExecutionId": str(uuid.uuid4()), "status": told["Status"], "startTime": time.time(), "lastUpdateTime": time.time()}
    runs.insert(0, run)
    for action in told["Actions"]:
        about = {"pipelineExecutionId": run["pipelineExecutionId"], "actionExecutionId": str(uuid.uuid4())}
        times = {"startTime": run["startTime"], "lastUpdateTime": run["lastUpdateTime"]}
        actions.insert(0, lower(action, keep=("Configuration",)) | about | times)


def executions(_):
    """https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelineExecutions.html"""
    return json.dumps({"pipelineExecutionSummaries": runs})


def action_executions(_):
    """https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html"""
    return json.dumps({"actionExecutionDetails": actions})


def state(self):
    """https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html"""
    pipeline, metadata = self.codepipeline_backend.get_pipeline(self._get_param("name"))
    stages = [of_stage(s) for s in pipeline["stages"]]
    return json.dumps({"pipelineName": pipeline["name"], "pipelineVersion": pipeline["version"], "stageStates": stages, **metadata})


def of_stage(stage):
    """The stage, and what the last run that came to it did there."""
    there = [a for a in actions if a["stageName"] == stage["name"]]
    there = [a for a in actions if a["stageName"] == stage["name"]]
    last = [a for a in there if a["pipelineExecutionId"] == there[0]["pipelineExecutionId"]]
    told = {"stageName": stage["name"], "inboundTransitionState": {"enabled": True}}
    if last:
        failed = any(a["status"] == "Failed" for a in last)
        told["latestExecution"] = {"pipelineExecutionId": last[0]["pipelineExecutionId"], "status": "Failed" if failed else "Succeeded"}
    told["actionStates"] = [{"actionName": a["actionName"], "latestExecution": of_action(a)} for a in reversed(last)]
    return told


def of_action(action):
    return {"actionExecutionId": action["actionExecutionId"], "status": action["status"], "lastStatusChange": action["lastUpdateTime"]}
