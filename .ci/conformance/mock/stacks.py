"""CloudFormation, in place of moto's.

moto's own skips types that it does not know, deletes a nested stack in order to update
it, publishes a version before the code that belongs to it has come, keeps what should go
and leaves a failed stack half made. So here stacks are made anew: resources in the order of
their references, by the public API of their service and with the stack's role, as
CloudFormation makes them; what a template no longer has is deleted at the end, by its
policy; what fails is rolled back, with the reason among the events.

How moto stores and prints stacks, change sets and exports is kept.
"""

import logging

from botocore.exceptions import ClientError, ParamValidationError
from moto.cloudformation import models, responses
from moto.cloudformation.exceptions import ValidationError
from moto.core.exceptions import ServiceException
from moto.core.utils import utcnow

import template as language
from handlers import Handler, Region, suffix
from template import Refused

log = logging.getLogger("mock")

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
BODY_LIMIT = 51_200
URL_LIMIT = 1_000_000

KEPT = ("Retain", "RetainExceptOnCreate")


class Resource:
    """One resource of a stack, with what it was made from."""

    def __init__(self, stack, name, kind, properties, policies):
        self.stack, self.logical_resource_id, self.cf_resource_type = stack, name, kind
        self.properties, self.policies = properties, policies
        self.physical_resource_id, self.attributes = None, {}
        self.resource_status, self.resource_status_reason = None, None

    def handler(self):
        return Handler.of(self.cf_resource_type)(self.stack.region(), self)

    def attribute(self, name):
        if name is None:
            return self.physical_resource_id
        if name not in self.attributes:
            raise Refused(f"Requested attribute {name} does not exist in schema for {self.cf_resource_type} {self.logical_resource_id}")
        return self.attributes[name]


class Stack(models.Stack):
    """A stack as moto's answers print it, with resources of its own."""

    __module__ = models.__name__  # moto wants to know it among its own

    def __init__(self, backend, name, parent=None):
        self.backend, self.name, self.parent = backend, name, parent
        self.account_id, self.region_name = backend.account_id, backend.region_name
        self.stack_id = models.generate_stack_id(name, self.region_name, self.account_id)
        self.parent_id = parent.stack_id if parent else None
        self.root_id = (parent.root_id or parent.stack_id) if parent else None
        self.template, self.template_dict = "", {"Resources": {}}
        self.parameters, self.tags, self.role_arn, self.description = {}, {}, None, None
        self.resources, self.values, self.events = {}, {}, []
        self.saved, self.before, self.failure = None, None, None  # of a deployment
        self.notification_arns, self.timeout_in_minutes, self.policy = [], None, ""
        self.enable_termination_protection, self.disable_rollback = False, False
        self.capabilities = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
        self.creation_time, self.status, self.status_reason = utcnow(), "REVIEW_IN_PROGRESS", None
        self.last_updated_time = None

    # What moto's answers print.

    parameter_list = property(lambda self: [{"ParameterKey": k, "ParameterValue": v} for k, v in self.parameters.items()])
    stack_parameters = property(lambda self: self.parameters)
    stack_resources = property(lambda self: list(self.resources.values()))
    outputs = property(lambda self: list(self.values.values()))
    exports = property(lambda self: [models.Export(self.stack_id, v["ExportName"], v["OutputValue"]) for v in self.values.values() if v["ExportName"]])
    stack_status_reason = property(lambda self: self.status_reason)

    def has_parameters(self, other):
        return self.parameters == other

    def event(self, resource, status, reason=None):
        itself = resource is self
        self.events.append(
            models.Event(
                stack_id=self.stack_id,
                stack_name=self.name,
                logical_resource_id=self.name if itself else resource.logical_resource_id,
                physical_resource_id=self.stack_id if itself else resource.physical_resource_id,
                resource_type="AWS::CloudFormation::Stack" if itself else resource.cf_resource_type,
                resource_status=status,
                resource_status_reason=reason,
                resource_properties=None,
            )
        )
        log.info("%s %s %s %s: %s%s", self.account_id, self.region_name, self.name, "itself" if itself else resource.logical_resource_id, status, f" ({reason})" if reason else "")
        if itself:
            self.status, self.status_reason = status, reason
        else:
            resource.resource_status, resource.resource_status_reason = status, reason

    # What a deployment does.

    def region(self):
        return Region(self.account_id, self.region_name, self.role_arn)

    def scope(self, template, parameters):
        def attribute(name, key):
            if name not in self.resources:
                raise Refused(f"Template format error: Unresolved resource dependencies [{name}] in the template")
            return self.resources[name].attribute(key)

        def export(name):
            if name not in self.backend.exports:
                raise Refused(f"No export named {name} found.")
            return self.backend.exports[name].value

        pseudo = {
            "AWS::AccountId": self.account_id,
            "AWS::Region": self.region_name,
            "AWS::StackName": self.name,
            "AWS::StackId": self.stack_id,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
        }
        return language.Scope(template, parameters, pseudo, attribute, export)

    def deploy(self, text, parameters, tags, role_arn):
        """Makes the stack what the template says, or leaves it as it was. A nested stack waits for its
        root before it removes what is left over."""
        word = "CREATE" if self.status == "REVIEW_IN_PROGRESS" else "UPDATE"
        self.saved = dict(self.resources)
        self.last_updated_time = utcnow() if word == "UPDATE" else None
        self.role_arn, self.tags = role_arn or self.role_arn, tags if tags is not None else self.tags
        self.event(self, word + "_IN_PROGRESS", None if self.parent else "User Initiated")
        wanted = language.load(text)
        try:
            values = self.converge(wanted, parameters)
        except Exception as e:  # whatever a handler says no with
            if not isinstance(e, Refused):
                log.exception("a mistake of the mock")
            self.roll_back("ROLLBACK" if word == "CREATE" else "UPDATE_ROLLBACK", str(e))
            return
        self.before = (self.template, self.template_dict, self.parameters, self.values)
        self.template, self.template_dict, self.parameters, self.values = text, wanted, parameters, values
        self.description = wanted.get("Description")
        self.event(self, word + ("_COMPLETE" if word == "CREATE" else "_COMPLETE_CLEANUP_IN_PROGRESS"))
        if not self.parent:
            self.finish()

    def converge(self, template, parameters):
        """Makes and changes resources, and returns the outputs."""
        scope = self.scope(template, parameters)
        resources = {n: r for n, r in template["Resources"].items() if "Condition" not in r or scope.holds(r["Condition"])}
        order = language.in_order(resources)
        for name in order:
            body = resources[name]
            properties = scope.resolve(body.get("Properties", {}))
            policies = (body.get("DeletionPolicy", "Delete"), body.get("UpdateReplacePolicy", "Delete"))
            old = self.resources.get(name)
            new = Resource(self, name, body["Type"], properties, policies)
            if old is None:
                self.make(new)
            elif old.cf_resource_type != new.cf_resource_type:
                raise Refused(f"Update of resource type is not permitted: {name}")
            elif old.properties == new.properties:
                old.policies = policies
            else:
                self.change(old, new)
        values = self.published(scope, template)
        self.resources = {n: self.resources[n] for n in order}
        return values

    def touched(self):
        """The nested stacks that this deployment has changed."""
        nested = [self.backend.stacks[r.physical_resource_id] for r in self.resources.values() if r.cf_resource_type == "AWS::CloudFormation::Stack"]
        return [s for s in nested if s.saved is not None]

    def finish(self):
        """Removes what the stack and its nested ones no longer have."""
        for nested in self.touched():
            nested.finish()
        for name, gone in reversed(self.saved.items()):
            now = self.resources.get(name)
            if now is None:
                self.remove(gone, gone.policies[0] in KEPT)
            elif now.physical_resource_id != gone.physical_resource_id:
                self.remove(gone, gone.policies[1] in KEPT)
        self.saved = None
        if self.status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
            self.event(self, "UPDATE_COMPLETE")

    def roll_back(self, word, reason=None):
        """Makes everything again what it was when the deployment began."""
        self.failure = reason
        self.event(self, word + "_IN_PROGRESS", reason)
        try:
            for name, old in self.saved.items():
                now = self.resources.get(name)
                if now not in (None, old) and now.physical_resource_id == old.physical_resource_id:
                    old.attributes = old.handler().revert(now, old.properties)
                    self.event(old, "UPDATE_COMPLETE")
            for name, now in reversed(list(self.resources.items())):
                old = self.saved.get(name)
                if old is None or old.physical_resource_id != now.physical_resource_id:
                    self.remove(now, now.policies[0] == "Retain")
        except Exception as e:
            log.exception("rolling back %s", self.name)
            self.event(self, word + "_FAILED", str(e))
            return
        self.resources, self.saved = self.saved, None
        self.event(self, word + "_COMPLETE")

    def make(self, resource):
        self.event(resource, "CREATE_IN_PROGRESS")
        try:
            resource.physical_resource_id, resource.attributes = resource.handler().create(resource.properties)
        except Exception as e:
            raise self.failed(resource, "create", e) from e
        self.resources[resource.logical_resource_id] = resource
        self.event(resource, "CREATE_COMPLETE")

    def change(self, old, new):
        """Updates the resource, or makes another one that takes its place."""
        replaced_by = Handler.of(new.cf_resource_type).replaced_by
        moved = {k for k in {*old.properties, *new.properties} if old.properties.get(k) != new.properties.get(k)}
        new.physical_resource_id = old.physical_resource_id
        self.event(new, "UPDATE_IN_PROGRESS")
        try:
            if moved & replaced_by or "*" in replaced_by:
                new.physical_resource_id, new.attributes = new.handler().create(new.properties)
            else:
                new.attributes = new.handler().update(old, new.properties)
        except Exception as e:
            raise self.failed(new, "update", e) from e
        self.resources[new.logical_resource_id] = new
        self.event(new, "UPDATE_COMPLETE")

    def failed(self, resource, verb, e):
        if not isinstance(e, (Refused, ClientError, ParamValidationError)):
            log.exception("a mistake of the mock")
        self.event(resource, verb.upper() + "_FAILED", str(e) or repr(e))
        return Refused(f"The following resource(s) failed to {verb}: [{resource.logical_resource_id}]. ")

    def remove(self, resource, keep):
        if keep:
            self.event(resource, "DELETE_SKIPPED")
            return
        self.event(resource, "DELETE_IN_PROGRESS")
        try:
            resource.handler().delete(resource.physical_resource_id, resource.properties)
        except Exception as e:
            raise self.failed(resource, "delete", e) from e
        self.event(resource, "DELETE_COMPLETE")

    def published(self, scope, template):
        """The outputs, with those of them that other stacks may take among the exports."""
        values = {}
        for key, output in (template.get("Outputs") or {}).items():
            if "Condition" in output and not scope.holds(output["Condition"]):
                continue
            value = scope.resolve(output["Value"])
            if not isinstance(value, str):
                raise Refused(f"Template format error: the output {key} is {value!r}")
            export = scope.resolve(output["Export"]["Name"]) if "Export" in output else None
            values[key] = {"OutputKey": key, "OutputValue": value, "Description": output.get("Description"), "ExportName": export}
        mine = {v["ExportName"] for v in values.values() if v["ExportName"]}
        for name, export in list(self.backend.exports.items()):
            if export.exporting_stack_id != self.stack_id:
                if name in mine:
                    raise Refused(f"Export with name {name} is already exported by stack {export.exporting_stack_id}.")
            elif name not in mine:
                self.unexport(name)
        for value in values.values():
            if value["ExportName"]:
                self.backend.exports[value["ExportName"]] = models.Export(self.stack_id, value["ExportName"], value["OutputValue"])
        return values

    def unexport(self, name):
        for other in self.backend.stacks.values():
            if other.stack_id != self.stack_id and f'"{name}"' in str(other.template_dict).replace("'", '"'):
                raise Refused(f"Export {name} cannot be deleted as it is in use by {other.name}")
        del self.backend.exports[name]

    def delete(self):
        self.event(self, "DELETE_IN_PROGRESS", "User Initiated")
        try:
            for export in self.exports:
                self.unexport(export.name)
            for name in reversed(list(self.resources)):
                self.remove(self.resources[name], self.resources[name].policies[0] in KEPT)
                del self.resources[name]
        except Exception as e:
            self.event(self, "DELETE_FAILED", str(e))
            return False
        self.event(self, "DELETE_COMPLETE")
        return True


class ChangeSet(models.ChangeSet):
    """A change set that is carried out as CloudFormation does it."""

    __module__ = models.__name__

    def __init__(self, stack, name, kind, template, parameters, tags, role_arn, description):
        self.stack, self.stack_id, self.stack_name = stack, stack.stack_id, stack.name
        self.change_set_name, self.change_set_type = name, kind
        self.change_set_id = models.generate_changeset_id(name, stack.region_name, stack.account_id)
        self.template, self.parameters, self.tags, self.role_arn = template, parameters, tags, role_arn
        self.description, self.notification_arns, self.creation_time = description, [], utcnow()
        self.status, self.execution_status, self.status_reason = "CREATE_COMPLETE", "AVAILABLE", None
        wanted, stack_has = language.load(template), stack.template_dict["Resources"]
        stack.scope(wanted, parameters)  # parameters are looked at here
        self.changes = [
            models.Change("Modify" if n in stack_has else "Add", n, r["Type"])
            for n, r in wanted["Resources"].items()
            # Without nested change sets every nested stack counts as changed.
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
            if n not in stack_has or r != stack_has[n] or parameters != stack.parameters or r["Type"] == "AWS::CloudFormation::Stack"
        ] + [models.Change("Remove", n, r["Type"]) for n, r in stack_has.items() if n not in wanted["Resources"]]
        if kind == "UPDATE" and not self.changes and wanted == stack.template_dict:
            self.status, self.execution_status = "FAILED", "UNAVAILABLE"
            self.status_reason = "The submitted information didn't contain changes. Submit different information to create a change set."


def refusing(method):
    """Answers what is refused before anything is done as a validation error."""

    def wrapped(*args, **kwargs):
        try:
            return method(*args, **kwargs)
        except Refused as e:
            raise ValidationError(message=str(e)) from e

    return wrapped


class Backend(models.CloudFormationBackend):
    """The stacks of one account and region."""

    __module__ = models.__name__

    def living(self, name):
        for stack in self.stacks.values():
            if name in (stack.name, stack.stack_id):
                return stack
        return None

    def begun(self, name):
        stack = Stack(self, name)
        self.stacks[stack.stack_id] = stack
        return stack

    @refusing
    def create_stack(self, name, template, parameters, tags=None, role_arn=None, **_):
        if self.living(name):
            raise models.AlreadyExistsException(f"Stack [{name}] already exists")
        stack = Stack(self, name)
        stack.scope(language.load(template), parameters)
        self.stacks[stack.stack_id] = stack
        stack.deploy(template, parameters, tags, role_arn)
        return stack

    @refusing
    def update_stack(self, name, template, role_arn, parameters, tags):
        stack = self.get_stack(name)
        values = self._resolve_update_parameters(stack, parameters)
        wanted = language.load(template)
        stack.scope(wanted, values)
        if stack.status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS"):
            raise Refused(f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.")
        if wanted == stack.template_dict and values == stack.parameters and (tags is None or tags == stack.tags):
            raise Refused("No updates are to be performed.")
        stack.deploy(template, values, tags, role_arn)
        return stack

    def delete_stack(self, name_or_stack_id):
        stack = self.living(name_or_stack_id)
        if stack and stack.delete():
            self.deleted_stacks[stack.stack_id] = self.stacks.pop(stack.stack_id)

    def change_set(self, name, stack_name):
        for change_set in self.change_sets.values():
            if name == change_set.change_set_id or name == change_set.change_set_name and stack_name in (change_set.stack_name, change_set.stack_id):
                return change_set
        raise ServiceException("ChangeSetNotFound", f"ChangeSet [{name}] does not exist")

    @refusing
    def create_change_set(self, stack_name, change_set_name, template, parameters, description, change_set_type, tags=None, role_arn=None, **_):
        stack = self.living(stack_name)
        if change_set_type == "UPDATE" and (not stack or stack.status == "REVIEW_IN_PROGRESS"):
            raise Refused(f"Stack [{stack_name}] does not exist")
        if change_set_type == "CREATE" and stack and stack.status != "REVIEW_IN_PROGRESS":
            raise Refused(f"Stack [{stack_name}] already exists and cannot be created again with the changeSet [{change_set_name}].")
        if stack and stack.status == "ROLLBACK_COMPLETE":
            raise Refused(f"Stack:{stack.stack_id} is in ROLLBACK_COMPLETE state and can not be updated.")
        stack = stack or self.begun(stack_name)
        for other in self.change_sets.values():
            if (other.stack_id, other.change_set_name) == (stack.stack_id, change_set_name):
                raise ServiceException("AlreadyExistsException", f"ChangeSet {change_set_name} cannot be created due to a mismatch with existing attribute Template")
        change_set = ChangeSet(stack, change_set_name, change_set_type, template, parameters, tags, role_arn, description)
        self.change_sets[change_set.change_set_id] = change_set
        return change_set.change_set_id, stack.stack_id

    def describe_change_set(self, change_set_name, stack_name=None):
        return self.change_set(change_set_name, stack_name)

    def delete_change_set(self, change_set_name, stack_name=None):
        try:
            del self.change_sets[self.change_set(change_set_name, stack_name).change_set_id]
        except ServiceException:
            pass  # deleting succeeds where there is none

    def execute_change_set(self, change_set_name, stack_name=None):
        change_set = self.change_set(change_set_name, stack_name)
        if change_set.execution_status != "AVAILABLE":
            raise ServiceException("InvalidChangeSetStatus", f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current status of [{change_set.status}]")
        for other in [c for c in self.change_sets.values() if c.stack_id == change_set.stack_id]:
            del self.change_sets[other.change_set_id]
        change_set.stack.deploy(change_set.template, change_set.parameters, change_set.tags, change_set.role_arn)

    def list_change_sets(self):
        return list(self.change_sets.values())


@Handler.handles("AWS::CloudFormation::Stack")
class Nested(Handler):
    """A stack in a stack, updated in its place."""

    def deploy(self, stack, p):
        stack.deploy(fetched(self.region, p["TemplateURL"]), p.get("Parameters", {}), self.resource.stack.tags, self.resource.stack.role_arn)
        if "ROLLBACK" in stack.status:
            raise Refused(f"Embedded stack {stack.stack_id} was not successfully created or updated. Currently in {stack.status} with reason: {stack.failure}")
        return outputs(stack)

    def create(self, p):
        parent = self.resource.stack
        name = f"{parent.name}-{self.resource.logical_resource_id}-{suffix()}"
        if len(name) > 128:
            raise Refused(f"the stack name {name} has more than 128 characters")
        stack = Stack(parent.backend, name, parent)
        parent.backend.stacks[stack.stack_id] = stack
        try:
            attributes = self.deploy(stack, p)
        except Refused:
            parent.backend.delete_stack(stack.stack_id)
            raise
        return stack.stack_id, attributes

    def update(self, old, p):
        return self.deploy(self.resource.stack.backend.stacks[old.physical_resource_id], p)

    def revert(self, now, p):
        stack = self.resource.stack.backend.stacks[now.physical_resource_id]
        stack.template, stack.template_dict, stack.parameters, stack.values = stack.before
        stack.roll_back("UPDATE_ROLLBACK")
        return outputs(stack)

    def delete(self, physical, p):
        backend = self.resource.stack.backend
        backend.delete_stack(physical)
        if physical in backend.stacks:
            raise Refused(f"Embedded stack {physical} could not be deleted: {backend.stacks[physical].status_reason}")


def outputs(stack):
    return {"Outputs." + v["OutputKey"]: v["OutputValue"] for v in stack.outputs}


def fetched(region, url):
    """The template behind an address of S3, read as whoever deploys."""
    host, _, key = url.removeprefix("https://").partition("/")
    bucket, dot, rest = host.partition(".s3.")
    if not dot:
        bucket, _, key = key.partition("/")
    elif rest != f"{region.name}.amazonaws.com":
        raise Refused(f"S3 error: the bucket of {url} must be in {region.name}")
    body = region.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    if len(body) > URL_LIMIT:
        raise Refused(f"{url} has {len(body)} bytes")
    return body.decode()


def install():
    """Puts this CloudFormation into moto's place, before its server starts."""
    models.cloudformation_backends.backend = Backend
    response = responses.CloudFormationResponse
    response._validate_different_update = lambda *_: None  # the backend does
    response.list_stack_resources = list_stack_resources
    response.describe_stack_resources = describe_stack_resources
    response._get_stack_from_s3_url = lambda self, url: fetched(Region(self.current_account, self.region, None), url)
    for name in ("describe_change_set", "delete_change_set"):
        setattr(response, name, by_stack(name))
    for name in ("create_stack", "update_stack", "create_change_set"):
        setattr(response, name, looked_at(getattr(response, name)))


def list_stack_resources(self):
    """moto says of every resource that it is complete."""
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    return responses.ActionResult({"StackResourceSummaries": [told(r) | {"LastUpdatedTimestamp": utcnow()} for r in stack.stack_resources]})


def describe_stack_resources(self):
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    wanted = self._get_param("LogicalResourceId")
    about = {"StackId": stack.stack_id, "StackName": stack.name, "Timestamp": utcnow()}
    return responses.ActionResult({"StackResources": [told(r) | about for r in stack.stack_resources if wanted in (None, r.logical_resource_id)]})


def told(resource):
    return {
        "LogicalResourceId": resource.logical_resource_id,
        "PhysicalResourceId": resource.physical_resource_id,
        "ResourceType": resource.cf_resource_type,
        "ResourceStatus": resource.resource_status,
        "ResourceStatusReason": resource.resource_status_reason,
    }


def by_stack(name):
    def answer(self):
        result = getattr(self.cloudformation_backend, name)(self._get_param("ChangeSetName"), self._get_param("StackName"))
        return responses.ActionResult(result) if result else responses.EmptyResult()

    return answer


def looked_at(answer):
    """Refuses what CloudFormation refuses of a request before it looks at the stack."""

    def wrapped(self):
        body = self._get_param("TemplateBody") or ""
        if len(body.encode()) > BODY_LIMIT:
            raise ValidationError(message=f"1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to {BODY_LIMIT}")
        text = body or self._get_stack_from_s3_url(self._get_param("TemplateURL"))
        roles = [r["Properties"] for r in language.load(text)["Resources"].values() if r["Type"] in ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy")]
        if any("RoleName" in p or "ManagedPolicyName" in p for p in roles) and "CAPABILITY_NAMED_IAM" not in self._get_param("Capabilities", []):
            raise ServiceException("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]")
        return answer(self)

    return wrapped
