"""What went wrong, as RFC 9457 puts it."""

from marshmallow import Schema, fields


class Problem(Schema):
    """`title` names the kind of problem, `detail` says what to do; `errors` names faulty arguments."""

    type = fields.String(required=True)
    status = fields.Integer(required=True)
    title = fields.String(required=True)
    detail = fields.String()
    errors = fields.Dict(metadata={"description": "Faults by place and name of the argument"})
    left = fields.Dict(metadata={"description": "What is left of a withdrawn version: all but its content"})
