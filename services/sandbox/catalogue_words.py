"""What the demo catalogue is put together from: departments, kinds of service, states, cities."""

CENTRAL_SERVICES = (
    ("Application status", "avedan status track"),
    ("Grievance status", "shikayat complaint grievance"),
    ("File a grievance", "shikayat complaint grievance"),
    ("Schemes for citizens", "yojana scheme"),
    ("Scholarship status", "scholarship chhatravritti student"),
    ("Pension status", "pension retirement"),
    ("Certificate download", "praman patra certificate"),
    ("Fee and receipt", "fee receipt payment shulk"),
)
CENTRAL_DEPARTMENTS = (
    "India Post", "Common Service Centres", "Petroleum", "Agriculture Marketing", "Meteorological Department",
    "Provident Fund", "National Pension System", "Farmers' Welfare", "Income Tax", "Passport", "Aadhaar",
    "School Education Board", "Health Mission", "Blood Transfusion", "Employees' Insurance", "Railways",
    "Road Transport", "Food and Supplies", "Rural Development", "Housing for All", "Women and Children",
    "Skill Development", "Labour", "Employment Exchange", "Micro and Small Industries", "Company Affairs", "Customs",
    "Goods and Services Tax", "Consumer Helpline", "Food Safety", "Drinking Water", "Water Resources", "New Energy",
    "Power", "Coal", "Steel", "Mines", "Fertilisers", "Chemicals", "Textiles", "Handlooms", "Fisheries",
    "Animal Husbandry", "Dairy", "Horticulture", "Soil Health", "Crop Insurance", "Warehousing", "Forests", "Climate",
    "Earth Sciences", "Science Fellowships", "Space Applications", "Culture", "Archaeology", "Tourism", "Sports",
    "Youth Affairs", "Minority Affairs", "Tribal Affairs", "Social Justice", "Disability Affairs", "Ex-Servicemen",
    "Election Commission", "Vigilance", "Right to Information", "Legal Aid", "Land Resources", "Village Councils",
    "Disaster Management",
)  # fmt: skip

STATE_SERVICES = {
    "Revenue": (
        ("Income certificate", "aay income certificate"),
        ("Caste certificate", "jati caste certificate"),
        ("Residence certificate", "niwas domicile residence"),
        ("Land record", "khata khatauni land bhulekh"),
        ("Mutation status", "dakhil kharij mutation land"),
        ("Encumbrance certificate", "encumbrance property"),
        ("Survey map", "naksha map survey"),
    ),
    "Food": (
        ("Ration card status", "rashan ration card"),
        ("Ration entitlement", "rashan ration grain"),
        ("Fair price shop", "rashan ration shop dealer"),
        ("Add a member to a ration card", "rashan ration member"),
        ("New ration card", "rashan ration card apply"),
        ("Paddy procurement", "dhan paddy procurement"),
        ("Ration complaint", "rashan ration complaint"),
    ),
    "Social Welfare": (
        ("Old age pension", "vridha pension old"),
        ("Widow pension", "vidhwa pension widow"),
        ("Disability pension", "viklang divyang pension"),
        ("Marriage assistance", "vivah shadi marriage"),
        ("Scholarship application", "scholarship chhatravritti"),
        ("Disability certificate", "viklang divyang certificate"),
        ("Hostel admission", "hostel chhatravas"),
    ),
}
STATE_DEPARTMENTS = tuple(STATE_SERVICES)
STATES = (
    "Andhra Pradesh", "Arunachal Pradesh", "Assam", "Bihar", "Chhattisgarh", "Delhi", "Goa", "Gujarat", "Haryana",
    "Himachal Pradesh", "Jammu and Kashmir", "Jharkhand", "Karnataka", "Kerala", "Madhya Pradesh", "Maharashtra",
    "Manipur", "Meghalaya", "Mizoram", "Nagaland", "Odisha", "Punjab", "Rajasthan", "Tamil Nadu", "Telangana",
    "Uttar Pradesh",
)  # fmt: skip

BILL_KINDS = (
    ("Water bill", "Water", "pani jal water bill"),
    ("Piped gas bill", "Piped Gas", "gas png pipe bill"),
    ("Landline bill", "Telephone", "phone landline telephone bill"),
    ("Broadband bill", "Broadband", "internet broadband bill"),
    ("Property tax", "Municipal Taxes", "ghar house property tax"),
    ("Sewerage charges", "Sewerage", "sewer drain charges"),
    ("Trade licence fee", "Trade Licences", "dukan shop licence fee"),
    ("School fee", "School Fees", "school fee vidyalaya"),
    ("Housing society dues", "Housing Societies", "society maintenance dues"),
    ("Cable television bill", "Cable Television", "cable tv television bill"),
    ("Hospital bill", "Hospitals", "hospital aspatal bill"),
)
CITIES = (
    "Agra", "Ahmedabad", "Bengaluru", "Bhopal", "Bhubaneswar", "Chandigarh", "Chennai", "Dehradun", "Guwahati",
    "Hyderabad", "Indore", "Jaipur", "Kochi", "Kolkata", "Lucknow", "Mumbai", "Nagpur", "Patna", "Pune", "Raipur",
    "Ranchi", "Shimla", "Surat", "Vadodara", "Varanasi",
)  # fmt: skip
