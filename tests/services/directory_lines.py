"""One line of India Post's directory, as the package with the data has it."""


def line(name: str, pin: int, **more: object) -> dict[str, object]:
    return {
        "Circle": "A Circle",
        "Region": "A Region",
        "Division": "Wardha Division",
        "Name": name,
        "Pincode": pin,
        "BranchType": "BO",
        "DeliveryStatus": "Delivery",
        "District": "WARDHA",
        "State": "MAHARASHTRA",
        "Latitude": 20.7,
        "Longitude": 78.6,
        **more,
    }
